"""Plain SQL on both stores (JR-37)."""

import asyncio

import pytest

from huaxin.storage.port import Store

_TABLE = """
CREATE TABLE things (
    id TEXT NOT NULL PRIMARY KEY, size BIGINT, weight DOUBLE PRECISION, raw BYTEA, good BOOLEAN
)
"""


async def test_every_type_comes_back_as_it_went(store: Store) -> None:
    await store.execute(_TABLE)
    rows = [("a", 2**62, 1.5, b"\0\xff", True), ("b", -1, 2.0, b"", False), ("花", None, None, None, None)]
    for row in rows:
        assert await store.execute("INSERT INTO things VALUES ($1, $2, $3, $4, $5)", *row) == 1
    found = await store.fetch("SELECT id, size, weight, raw, good FROM things ORDER BY id")
    assert found == rows
    assert [[type(v) for v in row] for row in found] == [[type(v) for v in row] for row in rows]


async def test_parameters_are_numbered_not_named(store: Store) -> None:
    await store.execute(_TABLE)
    await store.execute("INSERT INTO things (size, id) VALUES ($2, $1)", "it costs $1", 5)
    assert await store.fetch(
        "SELECT id, size, '$1' FROM things WHERE size = $2 AND id = $1", "it costs $1", 5
    ) == [("it costs $1", 5, "$1")]


async def test_changes_are_counted(store: Store) -> None:
    await store.execute(_TABLE)
    counts = await store.execute_many(
        [
            ("INSERT INTO things (id, size) VALUES ($1, 1), ($2, 2)", ["a", "b"]),
            ("UPDATE things SET size = size + $1", [1]),
            ("DELETE FROM things WHERE id = $1", ["nobody"]),
        ]
    )
    assert counts == [2, 2, 0]
    assert await store.fetch("UPDATE things SET size = 9 WHERE id = $1 RETURNING id, size", "a") == [("a", 9)]
    assert await store.fetch("SELECT size FROM things WHERE id = $1", "a") == [(9,)]


async def test_many_statements_are_all_or_nothing(store: Store) -> None:
    await store.execute(_TABLE)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await store.execute_many([("INSERT INTO things (id) VALUES ($1)", ["a"])] * 2)
    assert await store.fetch("SELECT * FROM things") == []
    assert await store.execute("INSERT INTO things (id) VALUES ($1)", "a") == 1


async def test_many_at_once(store: Store) -> None:
    await store.execute(_TABLE)
    await asyncio.gather(*[store.execute("INSERT INTO things (id) VALUES ($1)", f"{n}") for n in range(50)])
    found = await asyncio.gather(*[store.fetch("SELECT count(*) FROM things") for _ in range(20)])
    assert found == [[(50,)]] * 20


async def test_a_change_that_fails_takes_no_other_with_it(store: Store) -> None:
    """JR-37: also when they are written together."""
    await store.execute(_TABLE)
    changes = [store.execute("INSERT INTO things (id) VALUES ($1)", f"{n % 5}") for n in range(20)]
    outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(1 if o == 1 else 0 for o in outcomes) == [0] * 15 + [1] * 5
    pair = [("INSERT INTO things (id) VALUES ($1)", ["new"]), ("INSERT INTO things (id) VALUES ($1)", ["0"])]
    both = await asyncio.gather(
        store.execute_many(pair), store.execute("DELETE FROM things WHERE id = '1'"), return_exceptions=True
    )
    assert isinstance(both[0], Exception)
    assert both[1] == 1
    assert await store.fetch("SELECT id FROM things ORDER BY id") == [("0",), ("2",), ("3",), ("4",)]


@pytest.mark.parametrize("sql", ["SELECT * FROM nowhere", "SELEKT 1"])
async def test_a_wrong_statement_is_an_error_of_its_own(store: Store, sql: str) -> None:
    with pytest.raises(Exception, match=r"nowhere|SELEKT"):
        await store.fetch(sql)
