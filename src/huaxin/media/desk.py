"""The one door to the media room: uploads come in, are made ready, and are given out."""

import asyncio
import logging
import secrets
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from pathlib import Path
from typing import Any

from huaxin.conversation.media import Attachment
from huaxin.journal.model import Rejected
from huaxin.kernel import tidy
from huaxin.media import transcribe
from huaxin.media.model import Limits, Made, Purpose, State, Upload, Variant
from huaxin.media.names import with_ending
from huaxin.media.objects import Objects
from huaxin.media.store import MediaStore
from huaxin.media.uploads import Uploads
from huaxin.media.worker import Job, Result
from huaxin.media.workshop import Workshop
from huaxin.storage.port import Database

log = logging.getLogger(__name__)

SHORT_S = 30.0  # a picture or a voice message
LONG_S = 180.0  # a clip that has to be made again
PATIENCE_S = 1.5  # how long a message waits for its media before it is told to come again
RETRY_S = 10.0  # after the object store failed
LOST_MS = 3_600_000  # bytes of a whole upload that nobody has had for so long are lost
STALE_S = 6 * 3_600
_TRIES = 5
_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "audio/mp4": "m4a", "video/mp4": "mp4"}
_OF_PURPOSE = {
    Purpose.video: "clip",
    Purpose.voice: "voice",
    Purpose.picture: "picture",
    Purpose.proof: "picture",
}


class Desk:
    """Call from one event loop. `folder` keeps uploads under way; made media go to `objects`."""

    def __init__(
        self,
        db: Database,
        folder: Path,
        objects: Objects,
        clock: Callable[[], int],
        limits: Limits | None = None,
    ) -> None:
        self.limits = limits or Limits()
        self.store, self.objects, self._clock = MediaStore(db), objects, clock
        # Each server its own: several may share the folder.
        self._work = folder / "work" / secrets.token_hex(6)
        self.uploads = Uploads(self.store, folder / "uploads", self.limits, clock, self._on_finished)
        self._short, self._long = Workshop(SHORT_S), Workshop(LONG_S)
        # Whether a message or a proof has this upload, asked before one that nobody kept is swept away.
        self.is_carried: Callable[[Upload], Awaitable[bool]] | None = None
        self.transcriber: transcribe.Transcriber | None = None
        self._making: dict[str, asyncio.Task[None]] = {}
        self._warming: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Goes on with what was whole, but not made ready, when the server stopped."""
        await asyncio.to_thread(_tidy_up, self._work.parent)
        await self._take_up()

    async def _take_up(self) -> None:
        for upload in await self.store.waiting():
            if await asyncio.to_thread(self.uploads.path(upload.id).exists):
                self._on_finished(upload)
            elif upload.created_at < self._clock() - LOST_MS:
                await self.store.set_refused(upload.id, "media.lost")
            # else another node, which has the bytes, is at it

    async def close(self) -> None:
        await self.uploads.close()
        for task in [*self._making.values(), *self._warming]:
            task.cancel()
        await asyncio.gather(*self._making.values(), *self._warming, return_exceptions=True)
        await self._short.close()
        await self._long.close()
        await asyncio.to_thread(shutil.rmtree, self._work, True)

    def expect(self, purpose: Purpose) -> None:
        """An upload begins: its worker gets ready while the bytes travel."""
        task = asyncio.create_task(self._workshop(purpose).warm())
        self._warming.add(task)
        task.add_done_callback(self._warming.discard)

    def _workshop(self, purpose: Purpose) -> Workshop:
        # A clip can take minutes: nobody's voice message waits behind it.
        return self._long if purpose is Purpose.video else self._short

    def _on_finished(self, upload: Upload) -> None:
        if upload.id not in self._making:
            task = asyncio.create_task(self._make(upload))
            self._making[upload.id] = task
            task.add_done_callback(lambda _: self._making.pop(upload.id, None))

    async def _make(self, upload: Upload) -> None:
        for tried in range(_TRIES):
            if tried:
                await asyncio.sleep(RETRY_S * tried)
            try:
                await self._make_once(upload)
                return
            except Exception:
                # Not the medium's fault: the disk, the bucket or the database. It stays whole meanwhile.
                log.exception("media %s could not be made ready", upload.id)

    async def _make_once(self, upload: Upload) -> None:
        source, out = self.uploads.path(upload.id), self._work / upload.id
        await asyncio.to_thread(_empty, out)
        try:
            if not await asyncio.to_thread(source.exists):
                return  # ended meanwhile, or made ready by another node
            job = Job(id=upload.id, purpose=upload.purpose, source=str(source), out=str(out))
            result = await self._workshop(upload.purpose).make(job)
            if result.code:
                log.info("media %s refused: %s %s", upload.id, result.code, result.value)
                await self.store.set_refused(upload.id, result.code)
            else:
                made = await self._keep(upload, result, out)
                until = self._clock() + self.limits.unsent_ms
                if not await self.store.set_ready(upload.id, made, until) and not await self.store.find(
                    upload.id
                ):
                    await self.objects.delete([one.key for one in made.variants.values()])
        finally:
            await asyncio.to_thread(shutil.rmtree, out, True)
        # Only now: until the database knows, a restart begins from these bytes.
        await asyncio.to_thread(source.unlink, True)

    async def _keep(self, upload: Upload, result: Result, out: Path) -> Made:
        variants: dict[str, Variant] = {}
        words = await self._transcribe(result, out)
        inline = result.kind != "file"
        for name, (file, kind) in result.files.items():
            path = out / file
            size = (await asyncio.to_thread(path.stat)).st_size
            key = f"{upload.id[:2]}/{upload.id}/{file}"
            await self.objects.put(key, path, kind)
            variants[name] = Variant(key=key, type=kind, size=size, inline=inline)
        original = variants["original"]
        ending = _ENDINGS.get(original.type)
        name = upload.name
        if inline and ending:
            name = with_ending(name, ending, _OF_PURPOSE.get(upload.purpose, "file"))
        attachment = Attachment(
            id=upload.id, kind=result.kind, type=original.type, name=name, size=original.size,
            width=result.width, height=result.height, duration_ms=result.duration_ms,
            waveform=result.waveform, blurhash=result.blurhash, transcript=words,
        )  # fmt: skip
        return Made(attachment=attachment, variants=variants)

    async def make(self, job: Job) -> Result:
        """A picture that is nobody's message: made safe and small in the worker process."""
        return await self._short.make(job)

    async def _transcribe(self, result: Result, out: Path) -> str:
        if self.transcriber is None or result.kind != "voice":
            return ""
        recording = out / result.files["original"][0]
        try:
            async with asyncio.timeout(transcribe.LONGEST_S):
                words = await self.transcriber.transcribe(recording, result.duration_ms)
        except Exception:
            log.exception("a voice message could not be transcribed")
            return ""
        return tidy(words)[: transcribe.MOST_SIGNS]

    # for commands

    async def attach(
        self, person: str, order: str, ids: list[str], purposes: frozenset[Purpose] | None = None
    ) -> list[Attachment]:
        """One's own uploads on this order, made ready, as a message carries them; kept from now on.

        Raises Rejected media.unknown (404: also somebody else's, or another order's), media.unfinished (409),
        media.processing (503: come again), media.purpose, or why it was refused (422).
        """
        found = await self._find(person, order, ids)
        await self._wait([one for one in found if one.state is State.processing])
        if any(one.state is State.processing for one in found):
            found = await self._find(person, order, ids)
        attachments = [_need_ready(one, purposes).attachment for one in found]
        if any(one.expires_at for one in found) and not await self.store.keep(ids):
            raise _unknown(ids)
        return attachments

    async def let_go(self, ids: list[str]) -> None:
        """They came into no message after all: swept away in their time, unless sent again."""
        await self.store.let_go(ids, self._clock() + self.limits.unsent_ms)

    async def _find(self, person: str, order: str, ids: list[str]) -> list[Upload]:
        if not ids or len(set(ids)) != len(ids):
            raise _unknown(ids)
        known = await self.store.find_all(ids)
        found = [known[id] for id in ids if id in known]
        if len(found) != len(ids) or any(one.person != person or one.order != order for one in found):
            raise _unknown(ids)
        return found

    async def _wait(self, uploads: list[Upload]) -> None:
        """For what is nearly ready: better than another round of the client."""
        tasks = [self._making[one.id] for one in uploads if one.id in self._making]
        if tasks:
            await asyncio.wait(tasks, timeout=PATIENCE_S)

    # giving out

    async def made(self, ids: list[str]) -> dict[str, Made]:
        found = await self.store.find_all(ids)
        return {id: one.made for id, one in found.items() if one.made is not None}

    def read(self, variant: Variant, start: int, length: int) -> AsyncIterator[bytes]:
        return self.objects.read(variant.key, start, length)

    # housekeeping

    async def sweep(self) -> int:
        """Drops uploads that were not finished or never sent in their time; how many."""
        now, dropped = self._clock(), 0
        for upload in await self.store.expired(now):
            if upload.state is State.ready and self.is_carried and await self.is_carried(upload):
                await self.store.keep([upload.id])
            elif await self.uploads.drop(upload, expired_before=now):
                await self._delete(upload)
                dropped += 1
        await self._take_up()
        await self.store.forget_usage(now)
        return dropped

    async def terminate(self, id: str, person: str) -> None:
        await self._delete(await self.uploads.terminate(id, person))

    async def forget_order(self, order: str, only: Collection[str] | None = None) -> int:
        """Removes the media of an order, for good; how many. `only`: ids, None: all. For retention."""
        found = [one for one in await self.store.of_order(order) if only is None or one.id in only]
        for upload in found:
            await self.uploads.drop(upload)
            await self._delete(upload)
        return len(found)

    async def _delete(self, upload: Upload) -> None:
        if upload.made is not None:
            await self.objects.delete([one.key for one in upload.made.variants.values()])


def _need_ready(upload: Upload, purposes: frozenset[Purpose] | None) -> Made:
    if purposes is not None and upload.purpose not in purposes:
        raise Rejected(
            "media.purpose", "This was uploaded for something else.", upload.purpose.value, status=422
        )
    if upload.state is State.uploading:
        value = {"id": upload.id, "offset": upload.received}
        raise Rejected("media.unfinished", "This upload is not complete yet.", value)
    if upload.state is State.processing:
        raise Rejected("media.processing", "This is being made ready. Send it again.", upload.id, status=503)
    if upload.state is State.refused or upload.made is None:
        raise Rejected(
            upload.code or "media.broken", "This cannot be used.", upload.name or upload.id, status=422
        )
    return upload.made


def _unknown(ids: Any) -> Rejected:
    return Rejected("media.unknown", "There is no such upload of yours on this order.", ids, status=404)


def _tidy_up(folder: Path) -> None:
    """Removes what killed servers left; a living one's folder is younger than any job."""
    for left in folder.glob("*"):
        if left.stat().st_mtime < time.time() - STALE_S:
            shutil.rmtree(left, True)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, True)
    folder.mkdir(mode=0o700, parents=True)
