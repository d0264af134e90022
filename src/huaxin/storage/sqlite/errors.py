"""From SQLite's failures to the port's words."""

import sqlite3

import apsw

from huaxin.storage.port import StoreError


def explain(error: Exception, path: str) -> Exception:
    """The StoreError for a failure of the database itself; anything else (a wrong statement) is unchanged."""
    if isinstance(error, apsw.FullError):
        return StoreError("store.full", f"The disk of {path} is full: free some space. Nothing was written.")
    if isinstance(error, apsw.CorruptError | apsw.NotADBError):
        return StoreError("store.corrupt", f"{path} is damaged or is no database: {error}")
    if isinstance(
        error, apsw.BusyError | apsw.LockedError | apsw.IOError | apsw.CantOpenError | apsw.ReadOnlyError
    ):
        if getattr(error, "extendedresult", 0) == sqlite3.SQLITE_IOERR_WRITE and _is_full(path):
            return StoreError("store.full", f"The disk of {path} is full: free some space.")
        return StoreError("store.unavailable", f"{path} cannot be used now: {error}")
    return error


def _is_full(path: str) -> bool:
    import shutil
    from pathlib import Path

    return shutil.disk_usage(Path(path).parent).free < 1 << 16
