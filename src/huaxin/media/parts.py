"""The file an upload grows in. Blocking: called from a thread.

What may be believed after a power cut is only what was synced, and that number is in the database: opening
a part throws away whatever lies beyond it.
"""

import os
from pathlib import Path


class Part:
    def __init__(self, path: Path, received: int) -> None:
        """Raises OSError; FileNotFoundError when bytes were received that are not there any more."""
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            if os.fstat(self._fd).st_size < received:
                raise FileNotFoundError(f"{path.name} is shorter than what was received of it")
            os.ftruncate(self._fd, received)
            os.lseek(self._fd, received, os.SEEK_SET)
        except BaseException:
            os.close(self._fd)
            raise
        self.size = received

    def write(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            view = view[os.write(self._fd, view) :]
        self.size += len(data)

    def sync(self) -> int:
        """Everything written so far is on the disk for good; how much that is."""
        os.fdatasync(self._fd) if hasattr(os, "fdatasync") else os.fsync(self._fd)
        return self.size

    def cut(self, size: int) -> None:
        """Forgets what came after `size`."""
        os.ftruncate(self._fd, size)
        os.lseek(self._fd, size, os.SEEK_SET)
        self.size = size

    def close(self) -> None:
        os.close(self._fd)
