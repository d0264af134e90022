"""Orders out of a table: reading a CSV file, and saying row by row what it means. Pure."""
