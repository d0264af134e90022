"""The journal: one dense, durable, ordered log of events per shop."""
