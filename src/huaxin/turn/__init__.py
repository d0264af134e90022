"""The relay for calls: credentials for it, and coturn started beside the server."""
