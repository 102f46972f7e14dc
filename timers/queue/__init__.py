"""Many machines: jobs travel through procrastinate's queue on PostgreSQL, timers are fired by every worker.

What there is to do stands in the engine's own rows. The queue holds tickets: "there is work in this line". A ticket
that is lost costs time (somebody finds the line, see `tickets.sweep`), one too many costs a look.
"""
