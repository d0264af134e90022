"""The real PostgreSQL server, for what is stored."""

from tests.postgres import postgres_server

__all__ = ["postgres_server"]
