"""One node alone: there is nobody to wake."""

from collections.abc import Callable


class LocalWake:
    async def start(self, heard: Callable[[str, int], None]) -> None:
        pass

    def hint(self, shop: str, seq: int) -> None:
        pass

    async def close(self) -> None:
        pass
