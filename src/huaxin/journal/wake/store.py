"""Wakes carried by the store itself: PostgreSQL sends the hint in the transaction of the commit."""

from collections.abc import Callable

from huaxin.storage.port import Hints


class StoreWake:
    def __init__(self, hints: Hints) -> None:
        self._hints = hints

    async def start(self, heard: Callable[[str, int], None]) -> None:
        await self._hints.listen(heard)

    def hint(self, shop: str, seq: int) -> None:
        pass  # already sent with the commit

    async def close(self) -> None:
        pass  # the store closes its listener
