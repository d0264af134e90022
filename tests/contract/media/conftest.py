from tests.contract.live.conftest import data, house, open_another, postgres_server

__all__ = ["data", "house", "open_another", "postgres_server"]
