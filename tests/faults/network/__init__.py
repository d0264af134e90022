"""Real browsers on a network that breaks by a seed: `python -m tests.faults.network`."""
