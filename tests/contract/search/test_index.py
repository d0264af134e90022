"""The index finds the same in both databases: what `words.find` finds by looking at everything (SRC-4)."""

import random

import pytest

from huaxin.search.index import MESSAGES, ORDERS, Document, Progress, SearchIndex, open_index
from huaxin.search.words import find, read_query
from huaxin.storage.port import Store

PIECES = (
    "李女士", "妈妈", "阳光小区", "5号楼", "3单元401", "生日快乐", "🌹", "💐", "rose", "Roses",
    "café", "13812345678", "玫瑰", "花", "到哪了", "O'Neil", '"', "NEAR", "OR", "-x",
    "*", "\\", "'", ":*", "&", "(", "Straße", "1042", "👨‍👩‍👧",
)  # fmt: skip


@pytest.fixture
def index(store: Store, url: str) -> SearchIndex:
    return open_index(store, "sqlite" if url.startswith("sqlite") else "postgres")


def _document(seq: int, *texts: str, shop: str = "huaxin", changed: int = 0) -> Document:
    fields = [("message", text) for text in texts]
    return Document(
        shop=shop, subject=f"o{seq % 7}", seq=seq, changed=changed or seq, at=1000 + seq, fields=fields
    )


async def _found(index: SearchIndex, query: str, shop: str = "huaxin", limit: int = 500) -> list[int]:
    sought = read_query(query)
    if not sought.terms:
        return []
    looked = await index.look(shop, MESSAGES, sought.terms, limit)
    return [one.seq for one in looked if find(one.texts, sought) is not None]


async def test_it_finds_what_looking_at_everything_finds(index: SearchIndex) -> None:
    """SRC-4."""
    dice = random.Random(20260214)

    def texts() -> tuple[str, str]:
        return "".join(dice.choices(PIECES, k=dice.randint(1, 5))), " ".join(dice.choices(PIECES, k=2))

    documents = [_document(seq, *texts()) for seq in range(1, 301)]
    await index.write("huaxin", Progress("e", 300), documents)
    queries = [
        *PIECES,
        "花 玫瑰",
        "rose 妈",
        "5678",
        "单元401 李",
        "女士",
        "士",
        "“引号”",
        "a",
        "0",
        " 快乐🌹",
    ]
    queries += ["".join(dice.choices(PIECES, k=2)) for _ in range(60)]
    hits = 0
    for query in queries:
        sought = read_query(query)
        expected = [one.seq for one in reversed(documents) if find(one.texts, sought) is not None]
        assert await _found(index, query) == expected, query
        hits += len(expected)
    assert hits > 500


async def test_the_newest_come_first_and_not_more_than_asked(index: SearchIndex) -> None:
    await index.write("huaxin", Progress("e", 50), [_document(n, f"花{n}") for n in range(1, 51)])
    assert await _found(index, "花", limit=3) == [50, 49, 48]


async def test_a_shop_finds_its_own_alone(index: SearchIndex) -> None:
    """SRC-6."""
    await index.write("huaxin", Progress("e", 1), [_document(1, "玫瑰")])
    await index.write("other-1", Progress("e", 1), [_document(1, "玫瑰和百合", shop="other-1")])
    assert await _found(index, "百合") == []
    assert await _found(index, "玫瑰", shop="other-1") == [1]
    await index.clear("other-1")
    assert await _found(index, "玫瑰", shop="other-1") == []
    assert await _found(index, "玫瑰") == [1]
    assert await index.progress("other-1") == Progress("", 0)


async def test_orders_and_messages_are_kept_apart(index: SearchIndex) -> None:
    order = Document(
        shop="huaxin", subject="o1", seq=0, changed=1, at=5, fields=[("number", "1042"), ("card", "永远爱你")]
    )
    await index.write("huaxin", Progress("e", 2), [order, _document(2, "爱你")])
    terms = read_query("爱你").terms
    assert [one.fields for one in await index.look("huaxin", ORDERS, terms, 10)] == [order.fields]
    assert await _found(index, "爱你") == [2]


async def test_written_twice_is_written_once_and_the_newest_stays(index: SearchIndex) -> None:
    """SRC-8: two followers of one journal do no harm, whichever comes last."""
    await index.write("huaxin", Progress("e", 9), [_document(3, "旧的话", changed=3)])
    await index.write("huaxin", Progress("e", 9), [_document(3, "新的话", changed=9)])
    await index.write("huaxin", Progress("e", 3), [_document(3, "旧的话", changed=3)])
    assert await _found(index, "旧的话") == []
    assert await _found(index, "新的话") == [3]
    assert await index.progress("huaxin") == Progress("e", 9)
    await index.write("huaxin", Progress("another", 1), [])
    assert await index.progress("huaxin") == Progress("another", 1)


async def test_what_is_removed_is_not_found(index: SearchIndex) -> None:
    """SRC-9."""
    await index.write("huaxin", Progress("e", 9), [_document(n, "玫瑰") for n in (7, 14, 21)])
    await index.remove("huaxin", "o0", [7, 21])
    assert await _found(index, "玫瑰") == [14]


async def test_a_word_that_is_everywhere_gives_the_newest(index: SearchIndex) -> None:
    """SRC-11: however many documents have it, also when the newest ones have it not."""
    many = [_document(n, "百合" if n <= 3_200 else "向日葵") for n in range(1, 3_301)]
    for start in range(0, len(many), 550):
        await index.write("huaxin", Progress("e", start), many[start : start + 550])
    assert await _found(index, "百合", limit=5) == [3_200, 3_199, 3_198, 3_197, 3_196]
    assert len(await _found(index, "百合", limit=300)) == 300
    assert (await _found(index, "向日葵", limit=300))[0] == 3_300
