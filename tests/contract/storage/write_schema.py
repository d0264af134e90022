"""Writes the snapshots of the schema again, from the migrations.

Run it as python -m tests.contract.storage.write_schema after adding one.
"""

import asyncio
import tempfile

from huaxin.storage.open import open_store
from huaxin.storage.schema import FOLDER, describe
from tests.postgres import cluster


async def write_snapshot(url: str, dialect: str) -> None:
    store = await open_store(url)
    try:
        (FOLDER / f"{dialect}.gen.sql").write_text(await describe(store, dialect), "utf-8")
    finally:
        await store.close()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(write_snapshot(f"sqlite:///{folder}/a.db", "sqlite"))
    with cluster() as server:
        asyncio.run(write_snapshot(server.make_database(), "postgres"))
    print(f"written: {FOLDER}/sqlite.gen.sql and postgres.gen.sql")


if __name__ == "__main__":
    main()
