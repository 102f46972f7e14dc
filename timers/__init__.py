"""When things run: the working calendar, the alarm clock, the local dispatcher and recurring work."""
