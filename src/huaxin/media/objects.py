"""Where made media lie: a folder by default, an S3 bucket by configuration. One port, two rooms behind it."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Protocol

CHUNK = 256 * 1024


class Objects(Protocol):
    """Keys are made here (`a1/a1b2…/original.jpg`): letters, digits, `-`, `_`, `.` and `/`."""

    async def put(self, key: str, source: Path, kind: str) -> None:
        """Stores a file's bytes; durable on return. The file may be gone afterwards. Raises OSError."""
        ...

    def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        """Those bytes in pieces. Raises FileNotFoundError or OSError, at the first piece at the latest."""
        ...

    async def delete(self, keys: Sequence[str]) -> None:
        """What is not there is no error."""
        ...


class DiskObjects:
    """A folder of this machine (or one that several nodes share)."""

    def __init__(self, root: Path) -> None:
        self._root = root

    async def put(self, key: str, source: Path, kind: str) -> None:
        await asyncio.to_thread(self._put, key, source)

    def _put(self, key: str, source: Path) -> None:
        target = self._root / key
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(target.name + ".part")
        try:
            os.replace(source, part)
        except OSError:  # another file system
            shutil.copyfile(source, part)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        os.replace(part, target)
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        file = await asyncio.to_thread((self._root / key).open, "rb")
        try:
            await asyncio.to_thread(file.seek, start)
            while length > 0 and (chunk := await asyncio.to_thread(file.read, min(CHUNK, length))):
                length -= len(chunk)
                yield chunk
        finally:
            file.close()

    async def delete(self, keys: Sequence[str]) -> None:
        await asyncio.to_thread(self._delete, keys)

    def _delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            path = self._root / key
            path.unlink(missing_ok=True)
            with contextlib.suppress(OSError):  # not empty yet
                path.parent.rmdir()
