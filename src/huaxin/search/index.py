"""The index of what can be searched, in either database: documents and the terms they have.

SQLite keeps the terms in an FTS5 table, PostgreSQL in a tsvector with a GIN index; both get the same terms
from the program, so both narrow to the same documents, and what a hit is decides `words.find`.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, NamedTuple

import msgspec

from huaxin.search.words import Term, terms_of
from huaxin.storage.port import Database

ORDERS, MESSAGES = "o", "m"
# A sign no text can have as a term (it is neither letter nor symbol): marks what a document is.
_MARK = "¶"

type Statement = tuple[str, Sequence[Any]]


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What is found as one: an order (seq 0) or a message. `fields`: (where, text)."""

    shop: str
    subject: str
    seq: int
    changed: int  # seq of the event it was made from
    at: int
    fields: list[tuple[str, str]]

    @property
    def texts(self) -> list[str]:
        return [text for _, text in self.fields]


class Progress(NamedTuple):
    """How far a shop's journal is in the index. An empty epoch: not at all."""

    epoch: str
    seq: int


class SearchIndex(ABC):
    """One per database. Raises StoreError."""

    def __init__(self, db: Database) -> None:
        self._db = db

    async def progress(self, shop: str) -> Progress:
        rows = await self._db.fetch("SELECT epoch, seq FROM search_heads WHERE shop = $1", shop)
        return Progress(rows[0][0], rows[0][1]) if rows else Progress("", 0)

    async def write(self, shop: str, reached: Progress, documents: Sequence[Document]) -> None:
        """Documents and progress in one transaction. Written twice is written once."""
        statements = [statement for one in documents for statement in self._put(one)]
        statements.append((_REACHED, (shop, reached.epoch, reached.seq)))
        await self._db.execute_many(statements)

    async def remove(self, shop: str, subject: str, seqs: Sequence[int]) -> None:
        """Messages that may no longer be found."""
        where = "shop = $1 AND subject = $2 AND seq = $3"
        statements = [one for seq in seqs for one in self._drop(where, (shop, subject, seq))]
        if statements:
            await self._db.execute_many(statements)

    async def remove_messages(self, shop: str, subject: str, up_to: int) -> None:
        """An order's messages up to that seq; the order itself is still found."""
        where = "shop = $1 AND subject = $2 AND seq > 0 AND seq <= $3"
        await self._db.execute_many(self._drop(where, (shop, subject, up_to)))

    async def clear(self, shop: str) -> None:
        """Forgets the shop; the follower then makes its documents anew."""
        statements = self._drop("shop = $1", (shop,))
        await self._db.execute_many([*statements, ("DELETE FROM search_heads WHERE shop = $1", (shop,))])

    async def look(self, shop: str, kind: str, terms: Sequence[Term], limit: int) -> list[Document]:
        """The newest documents of a kind (ORDERS, MESSAGES) that have all the terms."""
        return [_document(shop, row) for row in await self._look(shop, kind, terms, limit)]

    @abstractmethod
    async def _look(self, shop: str, kind: str, terms: Sequence[Term], limit: int) -> list[tuple[Any, ...]]:
        """Rows of _COLUMNS, the newest first."""

    @abstractmethod
    def _put(self, document: Document) -> list[Statement]: ...

    @abstractmethod
    def _drop(self, where: str, args: Sequence[Any]) -> list[Statement]: ...


_REACHED = """
INSERT INTO search_heads (shop, epoch, seq) VALUES ($1, $2, $3)
ON CONFLICT (shop) DO UPDATE SET epoch = excluded.epoch, seq = excluded.seq
WHERE search_heads.epoch <> excluded.epoch OR search_heads.seq < excluded.seq
"""
_COLUMNS = "d.subject, d.seq, d.changed, d.at, d.fields"
_KEEP_NEWER = "WHERE search_docs.changed <= excluded.changed"


class SqliteIndex(SearchIndex):
    _LOOK = (
        f"SELECT {_COLUMNS} FROM search_terms JOIN search_docs AS d ON d.id = search_terms.rowid "
        "WHERE search_terms MATCH $1 AND d.shop = $2 ORDER BY search_terms.rowid DESC LIMIT $3"
    )

    def _put(self, document: Document) -> list[Statement]:
        one = document
        key = (one.shop, one.subject, one.seq, one.changed)
        return [
            (
                "INSERT INTO search_docs (shop, subject, seq, changed, at, fields) "
                "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (shop, subject, seq) DO UPDATE SET "
                f"changed = excluded.changed, at = excluded.at, fields = excluded.fields {_KEEP_NEWER}",
                (*key, one.at, _fields(one)),
            ),
            (
                "INSERT OR REPLACE INTO search_terms (rowid, terms) SELECT id, $5 FROM search_docs "
                "WHERE shop = $1 AND subject = $2 AND seq = $3 AND changed = $4",
                (*key, " ".join(_all_terms(one))),
            ),
        ]

    def _drop(self, where: str, args: Sequence[Any]) -> list[Statement]:
        return [
            (f"DELETE FROM search_terms WHERE rowid IN (SELECT id FROM search_docs WHERE {where})", args),
            (f"DELETE FROM search_docs WHERE {where}", args),
        ]

    async def _look(self, shop: str, kind: str, terms: Sequence[Term], limit: int) -> list[tuple[Any, ...]]:
        marks = [Term(mark, False) for mark in _marks(shop, kind)]
        wanted = " AND ".join(f'"{one.text}"{" *" if one.prefix else ""}' for one in [*marks, *terms])
        return await self._db.fetch(self._LOOK, wanted, shop, limit)


class PostgresIndex(SearchIndex):
    # The GIN index gives documents in no order. Few: they are sorted. Many: enough of them are among the
    # newest documents, which are then looked through one by one.
    _FEW, _NEWEST = 3_000, 4_000
    _FOUND = "SELECT id FROM search_docs WHERE terms @@ ($1::text)::tsquery AND shop = $2 AND (seq = 0) = $4"
    _OF_FOUND = f"""
        SELECT {_COLUMNS}, (SELECT count(*) FROM found)
        FROM found JOIN search_docs AS d USING (id) ORDER BY id DESC LIMIT $3
    """
    _AMONG_FEW = f"WITH found AS MATERIALIZED ({_FOUND} LIMIT {_FEW}) {_OF_FOUND}"
    _AMONG_ALL = f"WITH found AS MATERIALIZED ({_FOUND}) {_OF_FOUND}"
    _AMONG_NEWEST = f"""
        SELECT {_COLUMNS}, 0 FROM (
            SELECT * FROM search_docs WHERE shop = $2 ORDER BY id DESC LIMIT {_NEWEST}
        ) AS d WHERE d.terms @@ ($1::text)::tsquery AND (d.seq = 0) = $4 ORDER BY d.id DESC LIMIT $3
    """

    def _put(self, document: Document) -> list[Statement]:
        one = document
        return [
            (
                "INSERT INTO search_docs (shop, subject, seq, changed, at, fields, terms) "
                "VALUES ($1, $2, $3, $4, $5, $6, array_to_tsvector(string_to_array($7::text, ' '))) "
                "ON CONFLICT (shop, subject, seq) DO UPDATE SET changed = excluded.changed, "
                f"at = excluded.at, fields = excluded.fields, terms = excluded.terms {_KEEP_NEWER}",
                (
                    one.shop, one.subject, one.seq, one.changed, one.at, _fields(one),
                    " ".join(sorted(terms_of(one.texts))),
                ),
            )
        ]  # fmt: skip

    def _drop(self, where: str, args: Sequence[Any]) -> list[Statement]:
        return [(f"DELETE FROM search_docs WHERE {where}", args)]

    async def _look(self, shop: str, kind: str, terms: Sequence[Term], limit: int) -> list[tuple[Any, ...]]:
        wanted = " & ".join(f"'{one.text}'{':*' if one.prefix else ''}" for one in terms)
        args = (wanted, shop, limit, kind == ORDERS)
        rows = await self._db.fetch(self._AMONG_FEW, *args)
        if rows and rows[0][-1] == self._FEW:
            rows = await self._db.fetch(self._AMONG_NEWEST, *args)
            if len(rows) < limit:
                rows = await self._db.fetch(self._AMONG_ALL, *args)
        return [row[:-1] for row in rows]


def open_index(db: Database, dialect: str) -> SearchIndex:
    """`dialect`: 'sqlite' or 'postgres'."""
    return SqliteIndex(db) if dialect == "sqlite" else PostgresIndex(db)


def _marks(shop: str, kind: str) -> list[str]:
    return [_MARK + kind, _MARK + shop.encode().hex()]


def _all_terms(document: Document) -> list[str]:
    kind = MESSAGES if document.seq else ORDERS
    return [*_marks(document.shop, kind), *sorted(terms_of(document.texts))]


def _fields(document: Document) -> str:
    return msgspec.json.encode(document.fields).decode().replace("\\u0000", "")


_decode_fields = msgspec.json.Decoder(list[tuple[str, str]]).decode


def _document(shop: str, row: Sequence[Any]) -> Document:
    subject, seq, changed, at, fields = row
    return Document(
        shop=shop, subject=subject, seq=seq, changed=changed, at=at, fields=_decode_fields(fields)
    )
