"""Every test here that asks for a `store` runs on both databases."""

from tests.contract.storage.conftest import store, url

__all__ = ["store", "url"]
