"""Cases: where they stand, who has them, what has happened."""
