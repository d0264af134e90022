"""Every test here that asks for a `store` runs on both databases."""

from tests.contract.storage.conftest import store, url
from tests.postgres import postgres_server

__all__ = ["postgres_server", "store", "url"]
