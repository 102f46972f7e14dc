"""What those who run the installation see: how it stands, what has gone wrong, and what they can do about it."""
