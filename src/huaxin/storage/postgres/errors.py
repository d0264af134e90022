"""From PostgreSQL's failures to the port's words."""

import asyncio

import asyncpg

from huaxin.storage.port import StoreError

_FULL = (asyncpg.DiskFullError,)
_CORRUPT = (asyncpg.DataCorruptedError, asyncpg.IndexCorruptedError)
_AWAY = (
    OSError,
    asyncio.TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # what a connection says that was lost in the middle of a COPY
    asyncpg.OperatorInterventionError,  # the server is stopping, or has ended the session
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.TransactionRollbackError,  # a deadlock or the like
)


def explain(error: Exception) -> Exception:
    """The StoreError for a failure of the database itself; anything else (a wrong statement) is unchanged."""
    if isinstance(error, _FULL):
        return StoreError(
            "store.full", "The disk of the database is full: free some space. Nothing was written."
        )
    if isinstance(error, _CORRUPT):
        return StoreError("store.corrupt", f"The database is damaged: {error}")
    if isinstance(error, asyncpg.InterfaceError) and isinstance(error, ValueError):
        return error  # a value no column takes is ours to mend, however well the database is
    if isinstance(error, _AWAY):
        return StoreError("store.unavailable", f"The database cannot be used now: {error}")
    return error
