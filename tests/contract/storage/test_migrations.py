"""Migrations and the snapshots of the schema (JR-33, JR-34)."""

import asyncio
import sys
from pathlib import Path

import pytest

from huaxin.storage.migrate import read_migrations, select_pending
from huaxin.storage.open import open_store
from huaxin.storage.port import Store, StoreError
from huaxin.storage.schema import describe, read_snapshot
from tests.contract.storage.making import child_env

_START = """
import asyncio, sys
from huaxin.storage.open import open_store

async def main():
    store = await open_store(sys.argv[1], migrate=False)
    sys.stdin.readline()
    print(",".join(await store.migrate()))
    await store.close()

asyncio.run(main())
"""


def _dialect(url: str) -> str:
    return "sqlite" if url.startswith("sqlite") else "postgres"


async def test_the_snapshot_is_what_all_migrations_make(store: Store, url: str) -> None:
    """JR-34. When this fails after a new migration: python -m tests.contract.storage.write_schema"""
    assert await describe(store, _dialect(url)) == read_snapshot(_dialect(url))


async def test_the_snapshot_makes_the_same_schema(url: str) -> None:
    """JR-34: it is SQL that runs, not only a picture."""
    store = await open_store(url, migrate=False)
    snapshot = read_snapshot(_dialect(url))
    for statement in snapshot.split(";\n"):
        if statement.strip():
            await store.execute(statement)
    assert await describe(store, _dialect(url)) == snapshot
    await store.close()


async def test_a_second_start_has_nothing_to_do(url: str) -> None:
    """JR-33."""
    store = await open_store(url, migrate=False)
    first = await store.migrate()
    assert first[0] == "0001_journal"
    assert first == sorted(first)
    assert await store.migrate() == []
    await store.close()


async def test_processes_that_start_at_once_migrate_once(url: str) -> None:
    """JR-33."""
    command = [sys.executable, "-c", _START, url]
    pipe = asyncio.subprocess.PIPE
    processes = [
        await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=child_env())
        for _ in range(3)
    ]
    answers = await asyncio.gather(*[p.communicate(b"go\n") for p in processes])
    applied = sorted(out.decode().strip() for out, _ in answers)
    expected = ",".join(m.name for m in read_migrations(_dialect(url)))
    assert applied == ["", "", expected], b"\n".join(err for _, err in answers).decode()


async def test_a_failed_migration_leaves_nothing(
    url: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """JR-33."""
    for folder in ("common", "sqlite", "postgres"):
        (tmp_path / folder).mkdir()
    (tmp_path / "common" / "0001_a.sql").write_text("CREATE TABLE a (x BIGINT);")
    (tmp_path / "common" / "0002_b.sql").write_text(
        "CREATE TABLE b (x BIGINT); INSERT INTO nowhere VALUES (1);"
    )
    store = await open_store(url, migrate=False)
    made = read_migrations(_dialect(url), tmp_path)
    monkeypatch.setattr(f"huaxin.storage.{_dialect(url)}.store.read_migrations", lambda _: made)
    with pytest.raises(Exception, match="nowhere"):
        await store.migrate()
    with pytest.raises(Exception, match=r"\ba\b"):
        await store.fetch("SELECT * FROM a")
    await store.close()


async def test_a_database_of_a_newer_version_is_refused(store: Store) -> None:
    """JR-33."""
    await store.execute("INSERT INTO migrations (name) VALUES ($1)", "9999_later")
    with pytest.raises(StoreError, match="9999_later") as refused:
        await store.migrate()
    assert refused.value.code == "store.newer"


def test_common_and_own_files_are_one_list(tmp_path: Path) -> None:
    """JR-33: the number decides, wherever the file lies."""
    for name in ("common/0002_b", "sqlite/0001_a", "sqlite/0003_c", "postgres/0001_z"):
        path = tmp_path / f"{name}.sql"
        path.parent.mkdir(exist_ok=True)
        path.write_text(name)
    found = read_migrations("sqlite", tmp_path)
    assert [m.name for m in found] == ["0001_a", "0002_b", "0003_c"]
    assert [m.name for m in select_pending(found, ["0001_a"])] == ["0002_b", "0003_c"]
    (tmp_path / "common" / "0003_c.sql").write_text("")
    with pytest.raises(ValueError, match="same name"):
        read_migrations("sqlite", tmp_path)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("mysql://x/y", "no kind of store"),
        ("huaxin.db", "no kind of store"),
        ("sqlite://", "names no file"),
        ("sqlite:///", "names no file"),
        ("postgresql://host:5432", "names no database"),
    ],
)
async def test_a_wrong_address_says_what_is_right(address: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        await open_store(address)


async def test_what_cannot_be_opened_says_so(tmp_path: Path) -> None:
    (tmp_path / "note.db").write_text("this is no database, only a note of some length" * 50)
    with pytest.raises(StoreError) as damaged:
        await open_store(f"sqlite:///{tmp_path}/note.db")
    assert damaged.value.code == "store.corrupt"
    with pytest.raises(StoreError) as missing:
        await open_store(f"sqlite:///{tmp_path}/note.db/below.db")
    assert missing.value.code == "store.unavailable"
    with pytest.raises(StoreError) as away:
        await open_store(f"postgresql://someone@/db?host={tmp_path}")
    assert away.value.code == "store.unavailable"
