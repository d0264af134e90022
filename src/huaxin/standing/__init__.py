"""Orders of every week: what is to be made, and on which days. Pure but for its store."""
