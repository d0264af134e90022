"""The port of wakes."""

from collections.abc import Callable
from typing import Protocol


class Wake(Protocol):
    async def start(self, heard: Callable[[str, int], None]) -> None:
        """From now on `heard(shop, seq)` is called, in the loop, for commits of other nodes."""
        ...

    def hint(self, shop: str, seq: int) -> None:
        """Tells the other nodes of a commit of this one. Never blocks, never fails."""
        ...

    async def close(self) -> None: ...
