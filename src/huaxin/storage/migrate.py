"""Migrations are plain SQL files, applied in the order of their names, each once.

`common/` runs on both databases; a dialect's own folder holds what only that database says. The number
in the name decides the order across both folders.
"""

from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from huaxin.storage.port import StoreError

ROOT = Path(__file__).parent / "migrations"
LEDGER = "CREATE TABLE IF NOT EXISTS migrations (name TEXT NOT NULL PRIMARY KEY)"


class Migration(NamedTuple):
    name: str  # of the file, without its ending
    sql: str


def read_migrations(dialect: str, root: Path = ROOT) -> list[Migration]:
    """All migrations of a dialect ('sqlite' | 'postgres') in their order."""
    files = [*(root / "common").glob("*.sql"), *(root / dialect).glob("*.sql")]
    found = sorted((Migration(f.stem, f.read_text("utf-8")) for f in files), key=lambda m: m.name)
    if len({m.name for m in found}) != len(found):
        raise ValueError(f"two migrations of {dialect} have the same name")
    return found


def select_pending(migrations: list[Migration], applied: Collection[str]) -> list[Migration]:
    """Those not yet applied. Raises StoreError when the database knows more than this program."""
    unknown = sorted(set(applied) - {m.name for m in migrations})
    if unknown:
        raise StoreError(
            "store.newer",
            f"This database was made by a newer version (it has {unknown[0]}). Start that version instead.",
        )
    return [m for m in migrations if m.name not in applied]
