"""Many bikes at once: who carries what, in which trips and which order (PyVRP does the search)."""
