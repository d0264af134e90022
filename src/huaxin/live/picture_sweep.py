"""Removes pictures of the catalogue that nobody uses any more: no bouquet, and no order sold with one."""

import asyncio
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path

from huaxin.catalogue.store import CatalogueStore

OWN = "/pictures/own/"
KEPT_S = 24 * 3_600.0  # a picture just added belongs to a bouquet that is still being written
EVERY_S = 24 * 3_600.0  # every order is looked at for it
_PAGE = 200  # orders between two breaths
_NAMED = re.compile(rb"/pictures/own/([A-Za-z0-9_-]+\.[A-Za-z0-9]+)")


class PictureSweep:
    """Of one folder. `clock`: seconds, as files count them."""

    def __init__(self, store: CatalogueStore, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self._store, self._folder, self._clock = store, folder, clock
        self._swept_at = float("-inf")
        self.gone: list[Callable[[str], None]] = []  # told the address of each that is removed

    def touch(self, address: str) -> None:
        """It is used again from now on; call before it is written down."""
        (self._folder / address.removeprefix(OWN)).touch()

    async def sweep(self) -> int:
        """At most once a day; how many were removed."""
        now = self._clock()
        if now - self._swept_at < EVERY_S:
            return 0
        self._swept_at = now
        old = await asyncio.to_thread(self._old, now)
        unused = old - {one.removeprefix(OWN) for one in await self._store.pictures()}
        after = ("", "")
        while unused and (rows := await self._store.order_docs(after, _PAGE)):
            for _, _, doc in rows:
                if b"/pictures/own/" in doc:
                    unused -= {name.decode() for name in _NAMED.findall(doc)}
            after = rows[-1][0], rows[-1][1]
            await asyncio.sleep(0)  # messages pass in between
        # A bouquet may have been saved with one meanwhile.
        unused -= {one.removeprefix(OWN) for one in await self._store.pictures()}
        removed = await asyncio.to_thread(self._remove, unused)
        for name in removed:
            for tell in self.gone:
                tell(OWN + name)
        return len(removed)

    def _old(self, now: float) -> set[str]:
        """Names of pictures of long ago. What a killed server was at is removed at once."""
        found: set[str] = set()
        if not self._folder.is_dir():
            return found
        for path in self._folder.iterdir():
            if now - path.stat().st_mtime < KEPT_S:
                continue
            if path.is_dir() and path.name.startswith("work-"):
                shutil.rmtree(path, True)
            elif path.is_file():
                found.add(path.name)
        return found

    def _remove(self, names: set[str]) -> list[str]:
        removed: list[str] = []
        for name in sorted(names):
            path = self._folder / name
            # Touched since it was listed: somebody uses it again.
            if path.is_file() and self._clock() - path.stat().st_mtime >= KEPT_S:
                path.unlink(missing_ok=True)
                removed.append(name)
        return removed
