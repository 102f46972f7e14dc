"""Who is at the keyboard: login, session, logout."""
