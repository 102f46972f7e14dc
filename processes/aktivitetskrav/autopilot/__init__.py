"""An autopilot that works as staff would, on the real engine and a manual clock: for the demo, tests and load.

Everything it does passes the same commands and the same access policy as people's work. What it does to a case
depends on the seed, the case's reference and how often something has happened there, never on ids, clocks or order.
"""
