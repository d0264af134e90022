"""A store that passes everything on to a real one, counts what was asked, and can hold an append back."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import Any

from huaxin.storage.port import ShopAppend, Store


class Watched:
    def __init__(self, store: Store) -> None:
        self._store = store
        self.asked: Counter[str] = Counter()
        self.open = asyncio.Event()  # closed: appends wait
        self.open.set()
        self.waiting = asyncio.Event()  # an append has come
        self.broken: Exception | None = None  # what the next append fails with
        self.next_broken: list[Exception] = []  # what those after the one under way fail with

    async def append(self, parts: Sequence[ShopAppend]) -> None:
        self.asked["append"] += 1
        self.waiting.set()
        await self.open.wait()
        if self.broken is not None:
            broken, self.broken = self.broken, self.next_broken.pop(0) if self.next_broken else None
            raise broken
        await self._store.append(parts)
        if self.next_broken:
            self.broken = self.next_broken.pop(0)

    def __getattr__(self, name: str) -> Any:
        self.asked[name] += 1
        return getattr(self._store, name)
