"""How nodes tell each other that a journal grew. A hint may be lost: it is never the news itself."""
