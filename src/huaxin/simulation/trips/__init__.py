"""Real (or made) GPS trips: reading them, cutting them into moments, and judging the eta by them."""
