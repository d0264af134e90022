"""Resumable uploads, as tus 1.0 wants them: begun, continued at an offset, ended. No HTTP in here.

An offset is told only when the bytes before it are on the disk for good. Between, every few megabytes are
made sure of, so that a killed server costs at most those.
"""

import asyncio
import contextlib
import errno
import hashlib
import secrets
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from huaxin.journal.model import Rejected
from huaxin.media.model import MOST, Limits, Purpose, State, Upload
from huaxin.media.names import clean_name
from huaxin.media.parts import Part
from huaxin.media.store import MediaStore

GATHER = 256 * 1024  # bytes written to the disk at once
CHECKPOINT = 4 << 20  # bytes after which what came is made sure of
CHECKSUMS = ("sha1", "sha256", "md5")
_IN_USE = {"md5": hashlib.md5, "sha1": hashlib.sha1, "sha256": hashlib.sha256}


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of an upload before it."""

    order: str
    purpose: str
    name: str
    length: int


class Checksum(msgspec.Struct, frozen=True, kw_only=True):
    algorithm: str  # one of CHECKSUMS
    digest: bytes


class Uploads:
    """Call from one event loop. `finished(upload)` is told of every upload that is whole."""

    def __init__(
        self,
        store: MediaStore,
        folder: Path,
        limits: Limits,
        clock: Callable[[], int],
        finished: Callable[[Upload], None],
    ) -> None:
        self._store, self._folder, self._limits, self._clock = store, folder, limits, clock
        self._finished = finished
        self._threads = ThreadPoolExecutor(4, thread_name_prefix="uploads")
        self._writers: dict[str, asyncio.Task[Upload]] = {}

    def path(self, id: str) -> Path:
        return self._folder / id

    async def create(self, person: str, wish: Wish, *, guest: bool) -> Upload:
        """Raises Rejected media.purpose, media.too_large, media.quota, media.too_many, store.full."""
        purpose, name = self._check(wish)
        now, share = self._clock(), self._limits.guest_share if guest else 1.0
        if await self._store.count_open(person) >= self._limits.open_uploads:
            raise Rejected(
                "media.too_many", "Finish or end other uploads first.", self._limits.open_uploads, status=429
            )
        most_bytes, most_uploads = int(self._limits.day_bytes * share), int(self._limits.day_uploads * share)
        if not await self._store.count(person, now, wish.length, most_bytes, most_uploads):
            raise Rejected(
                "media.quota", "That is more than one person may send in a day.", most_bytes, status=429
            )
        upload = Upload(
            id=secrets.token_urlsafe(15), person=person, order=wish.order, purpose=purpose, name=name,
            length=wish.length, received=0, state=State.uploading, created_at=now,
            expires_at=now + self._limits.unfinished_ms,
        )  # fmt: skip
        await self._store.add(upload)
        return upload

    def _check(self, wish: Wish) -> tuple[Purpose, str]:
        try:
            purpose = Purpose(wish.purpose)
        except ValueError:
            known = ", ".join(Purpose)
            raise Rejected(
                "media.purpose", f"Say what it is for: {known}.", wish.purpose, status=422
            ) from None
        if wish.length <= 0:
            raise Rejected("media.empty", "There is nothing in this file.", wish.length, status=422)
        most = min(MOST.get(purpose, self._limits.file_bytes), self._limits.file_bytes)
        if wish.length > most:
            value = {"size": wish.length, "most": most, "most_mb": most >> 20}
            raise Rejected(
                "media.too_large", f"That is too large: at most {most >> 20} MB.", value, status=413
            )
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if shutil.disk_usage(self._folder).free < wish.length + self._limits.keep_free:
            raise Rejected("store.full", "The server's disk is full.", status=507)
        return purpose, clean_name(wish.name)

    async def find(self, id: str, person: str) -> Upload:
        """One's own upload, with no writer on it: the offset stands. Raises Rejected media.unknown (404)."""
        await self._need(id, person)
        await self._stop_writer(id)
        return await self._need(id, person)

    async def _need(self, id: str, person: str) -> Upload:
        found = await self._store.find(id) if id.isascii() and id.isprintable() else None
        if found is None or found.person != person:
            # The same words for what is not there and for what is somebody else's.
            raise Rejected("media.unknown", "There is no such upload of yours.", id[:40], status=404)
        if found.state is State.uploading and found.expires_at < self._clock():
            raise Rejected("media.expired", "This upload has run out. Begin again.", id, status=410)
        return found

    async def write(
        self, id: str, person: str, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None = None
    ) -> Upload:
        """Takes bytes from `offset` on until the body ends or breaks off; the upload after it.

        A newer writer, or a question for the offset, ends this one: a client that came back over another
        network must not wait for its dead connection. Raises Rejected media.offset (409), media.too_large
        (413), media.checksum (460), media.taken_over (409), media.lost (410).
        """
        upload = await self.find(id, person)
        while id in self._writers:  # another one began while this one asked
            upload = await self.find(id, person)
        if offset != upload.received:
            value = {"offset": upload.received, "said": offset}
            raise Rejected("media.offset", f"Go on at {upload.received}.", value)
        task = asyncio.ensure_future(self._write(upload, body, checksum))
        self._writers[id] = task
        try:
            return await task
        except asyncio.CancelledError:
            asking = asyncio.current_task()
            if asking is not None and asking.cancelling():
                raise
            raise Rejected("media.taken_over", "Another request goes on with this upload.", id) from None
        finally:
            if self._writers.get(id) is task:
                del self._writers[id]

    async def _stop_writer(self, id: str) -> None:
        task = self._writers.get(id)
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _write(self, upload: Upload, body: AsyncIterator[bytes], checksum: Checksum | None) -> Upload:
        if upload.state is not State.uploading:
            return upload
        try:
            part = await self._run(Part, self.path(upload.id), upload.received)
        except FileNotFoundError as lost:
            await self._store.remove(upload.id)
            raise Rejected(
                "media.lost", "This upload was lost. Begin again.", upload.id, status=410
            ) from lost
        writing = _Writing(self, part, upload, checksum)
        try:
            async for chunk in body:
                await writing.take(chunk)
            await writing.check()
        except OSError as wrong:
            with contextlib.suppress(OSError):
                await _to_the_end(writing.keep())
            if wrong.errno == errno.ENOSPC:
                raise Rejected("store.full", "The server's disk is full.", status=507) from wrong
            raise
        except BaseException:
            # Cut off: what came is kept, so that it need not come again (unless it cannot be checked).
            await _to_the_end(writing.keep())
            raise
        finally:
            try:
                await _to_the_end(writing.close())
            finally:
                after = _after(upload, writing.sure)
                # Also when the request broke off behind the last byte: nobody will send that one again.
                if after.state is State.processing:
                    self._finished(after)
        return after

    async def _run[T](self, do: Callable[..., T], *args: Any) -> T:
        return await _to_the_end(asyncio.get_running_loop().run_in_executor(self._threads, do, *args))

    async def terminate(self, id: str, person: str) -> Upload:
        """Ends an upload that is in no message; the upload as it was. Raises Rejected media.unknown."""
        upload = await self.find(id, person)
        if not upload.expires_at:
            raise Rejected("media.in_use", "This belongs to a message; recall the message.", id)
        await self.drop(upload)
        return upload

    async def drop(self, upload: Upload, *, expired_before: int = 0) -> bool:
        """Removes an upload and its unfinished bytes; what never came is given back to the person's day."""
        await self._stop_writer(upload.id)
        if not await self._store.remove(upload.id, expired_before=expired_before):
            return False
        if upload.received < upload.length:
            await self._store.give_back(upload.person, upload.created_at, upload.length - upload.received)
        await self._run(lambda: self.path(upload.id).unlink(missing_ok=True))
        return True

    async def close(self) -> None:
        for id in list(self._writers):
            await self._stop_writer(id)
        self._threads.shutdown(wait=True)


async def _to_the_end[T](work: Awaitable[T]) -> T:
    """Waits for it however often the waiting is cancelled, and only then lets that happen: a thread that is
    writing cannot be called back, and its file must not be closed (and its number given away) under it."""
    task, cancelled = asyncio.ensure_future(work), None
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError as again:
            cancelled = again
        except Exception:
            break  # its own, which it tells below
    if cancelled is not None and not task.cancelled():
        if (wrong := task.exception()) is not None:
            raise wrong from cancelled
        raise cancelled
    return task.result()


def _after(upload: Upload, received: int) -> Upload:
    state = State.processing if received == upload.length else State.uploading
    return msgspec.structs.replace(upload, received=received, state=state)


class _Writing:
    """One request's bytes on their way to the disk."""

    def __init__(self, uploads: Uploads, part: Part, upload: Upload, checksum: Checksum | None) -> None:
        self._uploads, self._part, self._upload, self._checksum = uploads, part, upload, checksum
        self._hash = _IN_USE[checksum.algorithm](usedforsecurity=False) if checksum else None
        self._gathered: list[bytes] = []
        self._size = 0
        self.sure = upload.received

    async def take(self, chunk: bytes) -> None:
        coming = self._part.size + self._size + len(chunk)
        if coming > self._upload.length:
            value = {"size": coming, "most": self._upload.length, "most_mb": self._upload.length >> 20}
            raise Rejected("media.too_large", "That is more than was announced.", value, status=413)
        self._gathered.append(chunk)
        self._size += len(chunk)
        if self._size >= GATHER:
            await self._flush()
        if self._hash is None and self._part.size - self.sure >= CHECKPOINT:
            await self._make_sure()

    async def check(self) -> None:
        """The body is complete. Raises Rejected media.checksum (460), with nothing of it kept."""
        await self._flush()
        if self._checksum and self._hash and self._hash.digest() != self._checksum.digest:
            await self._uploads._run(self._part.cut, self._upload.received)
            raise Rejected("media.checksum", "The bytes are not those that were sent.", status=460)
        await self._make_sure()

    async def keep(self) -> None:
        if self._hash is not None:
            return  # half of a checked piece cannot be checked
        await self._flush()
        await self._make_sure()

    async def close(self) -> None:
        await self._uploads._run(self._part.close)

    async def _flush(self) -> None:
        data, self._gathered, self._size = b"".join(self._gathered), [], 0
        if data:
            if self._hash is not None:
                self._hash.update(data)
            await self._uploads._run(self._part.write, data)

    async def _make_sure(self) -> None:
        size = await self._uploads._run(self._part.sync)
        await self._uploads._store.set_received(self._upload.id, size)
        self.sure = size
