"""From an address to a store."""

from urllib.parse import unquote, urlsplit

from huaxin.storage.port import Store

HELP = "Use sqlite:///path/to/file.db or postgresql://user:password@host:5432/database."


async def open_store(url: str, *, migrate: bool = True) -> Store:
    """Opens 'sqlite:///relative.db', 'sqlite:////absolute.db' or 'postgresql://…' and migrates it.

    Raises ValueError for an address it cannot read, StoreError when the database cannot be opened.
    """
    scheme, _, rest = url.partition("://")
    store: Store
    if scheme == "sqlite":
        path = unquote(rest.partition("?")[0])
        if not path.startswith("/") or path in ("/", "//"):
            raise ValueError(f"{url!r} names no file. {HELP}")
        from huaxin.storage.sqlite.store import SqliteStore

        # sqlite:///a.db is relative and sqlite:////a.db absolute, as elsewhere.
        store = await SqliteStore.open(path[1:])
    elif scheme in ("postgresql", "postgres"):
        if not urlsplit(url).path.strip("/"):
            raise ValueError(f"The address names no database. {HELP}")
        from huaxin.storage.postgres.store import PostgresStore

        store = await PostgresStore.open(url)
    else:
        raise ValueError(f"{scheme!r} is no kind of store. {HELP}")
    if migrate:
        try:
            await store.migrate()
        except BaseException:
            await store.close()
            raise
    return store
