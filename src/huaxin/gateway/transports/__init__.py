"""Ways to a client: WebSocket, and SSE and HTTP streaming for networks where WebSocket does not pass."""
