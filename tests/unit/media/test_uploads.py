"""Uploads as they grow, without HTTP (docs/spec/media.md)."""

import asyncio
import hashlib
import threading
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from huaxin.journal.model import Rejected
from huaxin.media import uploads as module
from huaxin.media.model import MEGABYTE, Limits, State, Upload
from huaxin.media.parts import Part
from huaxin.media.store import MediaStore
from huaxin.media.uploads import Checksum, Uploads, Wish
from huaxin.storage.open import open_store

HOUR = 3_600_000


class Bench:
    """Uploads on a real database and a real folder, with a clock to turn."""

    def __init__(self, db: Any, folder: Path, limits: Limits) -> None:
        self.db, self.folder, self.limits, self.now = db, folder, limits, 1_800_000_000_000
        self.finished: list[Upload] = []
        self.open()

    def open(self) -> None:
        """Again, as after a restart."""
        self.store = MediaStore(self.db)
        self.uploads = Uploads(self.store, self.folder, self.limits, lambda: self.now, self.finished.append)

    async def create(self, length: int, purpose: str = "file", who: str = "li", guest: bool = False) -> str:
        wish = Wish(order="order-1", purpose=purpose, name="a.bin", length=length)
        return (await self.uploads.create(who, wish, guest=guest)).id

    async def offset(self, id: str) -> int:
        return (await self.uploads.find(id, "li")).received


@pytest.fixture
async def bench(tmp_path: Path) -> AsyncIterator[Bench]:
    store = await open_store(f"sqlite:///{tmp_path}/a.db")
    limits = Limits(file_bytes=50 * MEGABYTE, day_bytes=60 * MEGABYTE, day_uploads=30, keep_free=0)
    found = Bench(store, tmp_path / "uploads", limits)
    yield found
    await found.uploads.close()
    await store.close()


async def pieces(*data: bytes, then: Exception | None = None) -> AsyncIterator[bytes]:
    for one in data:
        yield one
    if then is not None:
        raise then


def code_of(caught: pytest.ExceptionInfo[Rejected]) -> tuple[str, int]:
    return caught.value.code, caught.value.status


async def test_pieces_are_put_together(bench: Bench) -> None:
    """MED-5, over a restart in between."""
    id = await bench.create(10)
    assert (await bench.uploads.write(id, "li", 0, pieces(b"abc", b"d"))).received == 4
    await bench.uploads.close()
    bench.open()
    after = await bench.uploads.write(id, "li", 4, pieces(b"efghij"))
    assert (after.state, bench.finished) == (State.processing, [after])
    assert bench.uploads.path(id).read_bytes() == b"abcdefghij"


async def test_a_wrong_offset_changes_nothing(bench: Bench) -> None:
    """MED-3."""
    id = await bench.create(10)
    await bench.uploads.write(id, "li", 0, pieces(b"abcd"))
    for wrong in (0, 3, 5, 10):
        with pytest.raises(Rejected) as caught:
            await bench.uploads.write(id, "li", wrong, pieces(b"zz"))
        assert code_of(caught) == ("media.offset", 409)
        assert caught.value.value["offset"] == 4
    assert await bench.offset(id) == 4


async def test_a_request_that_breaks_off_keeps_what_came(bench: Bench) -> None:
    """MED-4."""
    id = await bench.create(10)
    with pytest.raises(ConnectionError):
        await bench.uploads.write(id, "li", 0, pieces(b"abc", then=ConnectionError()))
    assert await bench.offset(id) == 3


async def test_a_request_that_breaks_off_behind_the_last_byte_was_the_last(bench: Bench) -> None:
    """MED-4, MED-24: nobody sends that byte again."""
    id = await bench.create(3)
    with pytest.raises(ConnectionError):
        await bench.uploads.write(id, "li", 0, pieces(b"abc", then=ConnectionError()))
    assert [one.id for one in bench.finished] == [id]
    more = await bench.create(3)
    with pytest.raises(Rejected):
        await bench.uploads.write(more, "li", 0, pieces(b"abc", b"d"))
    assert [one.id for one in bench.finished] == [id, more]


async def test_what_was_not_made_sure_of_is_not_believed(bench: Bench) -> None:
    """MED-4: bytes beyond the known offset (of a power cut) are thrown away, missing ones are noticed."""
    id = await bench.create(10)
    await bench.uploads.write(id, "li", 0, pieces(b"abc"))
    path = bench.uploads.path(id)
    path.write_bytes(b"abc" + b"\0" * 5)
    assert await bench.offset(id) == 3
    await bench.uploads.write(id, "li", 3, pieces(b"defghij"))
    assert path.read_bytes() == b"abcdefghij"
    lost = await bench.create(10)
    await bench.uploads.write(lost, "li", 0, pieces(b"abc"))
    bench.uploads.path(lost).unlink()
    with pytest.raises(Rejected) as caught:
        await bench.uploads.write(lost, "li", 3, pieces(b"d"))
    assert code_of(caught) == ("media.lost", 410)


async def test_long_requests_are_made_sure_of_on_the_way(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-4: a killed server loses at most the last part of an unfinished request."""
    monkeypatch.setattr(module, "GATHER", 4)
    monkeypatch.setattr(module, "CHECKPOINT", 8)
    id, seen = await bench.create(100), []

    async def slow() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"0123"
            seen.append((await bench.store.find(id)).received)  # type: ignore[union-attr]

    await bench.uploads.write(id, "li", 0, slow())
    assert seen == [0, 8, 8, 16, 16, 24, 24, 32, 32, 40]


async def test_who_comes_back_ends_the_request_that_hangs(bench: Bench) -> None:
    """MED-6: a dead connection holds nobody up, and its bytes count."""
    id, began = await bench.create(10), asyncio.Event()

    async def hangs() -> AsyncIterator[bytes]:
        yield b"abc"
        began.set()
        await asyncio.Event().wait()

    first = asyncio.create_task(bench.uploads.write(id, "li", 0, hangs()))
    await began.wait()
    assert await bench.offset(id) == 3
    with pytest.raises(Rejected) as caught:
        await first
    assert code_of(caught) == ("media.taken_over", 409)
    await bench.uploads.write(id, "li", 3, pieces(b"defghij"))
    assert bench.uploads.path(id).read_bytes() == b"abcdefghij"


async def test_two_at_once_do_not_mix(bench: Bench) -> None:
    """MED-6: whichever wins, what is there is what was sent."""
    id = await bench.create(1000)
    both = [bench.uploads.write(id, "li", 0, pieces(*[bytes([65 + n])] * 500)) for n in range(2)]
    results = await asyncio.gather(*both, return_exceptions=True)
    received = await bench.offset(id)
    data = bench.uploads.path(id).read_bytes()
    assert len(data) == received
    assert len(set(data)) <= 1
    assert any(isinstance(one, Rejected) for one in results)


async def test_anothers_upload_is_nobodys(bench: Bench) -> None:
    """MED-7."""
    id = await bench.create(10)
    for ask in (
        bench.uploads.find(id, "wang"),
        bench.uploads.write(id, "wang", 0, pieces(b"a")),
        bench.uploads.terminate(id, "wang"),
        bench.uploads.find("nothing", "li"),
        bench.uploads.find("é\x00", "li"),
    ):
        with pytest.raises(Rejected) as caught:
            await ask
        assert code_of(caught) == ("media.unknown", 404)


async def test_too_much_is_refused(bench: Bench) -> None:
    """MED-8: at the beginning, and beyond what was announced."""
    for purpose, length in (("file", 51), ("picture", 61), ("voice", 26), ("file", 2048)):
        with pytest.raises(Rejected) as caught:
            await bench.create(length * MEGABYTE, purpose)
        assert code_of(caught) == ("media.too_large", 413)
    id = await bench.create(5)
    with pytest.raises(Rejected) as caught:
        await bench.uploads.write(id, "li", 0, pieces(b"abc", b"def"))
    assert code_of(caught) == ("media.too_large", 413)
    assert await bench.offset(id) == 3
    for wrong, code in (({"length": 0}, "media.empty"), ({"purpose": "virus"}, "media.purpose")):
        with pytest.raises(Rejected) as caught:
            await bench.create(**({"length": 5} | wrong))  # type: ignore[arg-type]
        assert code_of(caught) == (code, 422)


async def test_a_days_quota(bench: Bench) -> None:
    """MED-9: per person and day; what never came is given back; a guest has a third."""
    first = await bench.create(50 * MEGABYTE)
    with pytest.raises(Rejected) as caught:
        await bench.create(11 * MEGABYTE)
    assert code_of(caught) == ("media.quota", 429)
    await bench.create(11 * MEGABYTE, who="wang")
    await bench.uploads.terminate(first, "li")
    await bench.create(20 * MEGABYTE)
    with pytest.raises(Rejected):
        await bench.create(41 * MEGABYTE)
    bench.now += 24 * HOUR
    await bench.create(41 * MEGABYTE)
    with pytest.raises(Rejected) as caught:
        await bench.create(19 * MEGABYTE, who="guest:1", guest=True)
    assert code_of(caught) == ("media.quota", 429)
    await bench.create(17 * MEGABYTE, who="guest:1", guest=True)


async def test_only_so_many_at_once(bench: Bench) -> None:
    """MED-9."""
    for _ in range(20):
        await bench.create(1)
    with pytest.raises(Rejected) as caught:
        await bench.create(1)
    assert code_of(caught) == ("media.too_many", 429)


async def test_a_full_disk_is_told_before(bench: Bench) -> None:
    """MED-13."""
    bench.limits = Limits(keep_free=1 << 60)
    bench.open()
    with pytest.raises(Rejected) as caught:
        await bench.create(1)
    assert code_of(caught) == ("store.full", 507)


@pytest.mark.parametrize("algorithm", ["sha1", "sha256", "md5"])
async def test_a_checksum_holds_or_the_piece_goes(bench: Bench, algorithm: str) -> None:
    """MED-10."""
    id = await bench.create(10)
    right = Checksum(algorithm=algorithm, digest=hashlib.new(algorithm, b"abcd").digest())
    await bench.uploads.write(id, "li", 0, pieces(b"ab", b"cd"), right)
    with pytest.raises(Rejected) as caught:
        await bench.uploads.write(id, "li", 4, pieces(b"efgh"), right)
    assert code_of(caught) == ("media.checksum", 460)
    with pytest.raises(ConnectionError):
        await bench.uploads.write(id, "li", 4, pieces(b"ef", then=ConnectionError()), right)
    assert await bench.offset(id) == 4
    assert bench.uploads.path(id).stat().st_size == 4


async def test_what_is_not_finished_runs_out(bench: Bench) -> None:
    """MED-11."""
    id = await bench.create(10)
    await bench.uploads.write(id, "li", 0, pieces(b"abc"))
    bench.now += 25 * HOUR
    with pytest.raises(Rejected) as caught:
        await bench.offset(id)
    assert code_of(caught) == ("media.expired", 410)
    (expired,) = await bench.store.expired(bench.now)
    assert await bench.uploads.drop(expired, expired_before=bench.now)
    assert not bench.uploads.path(id).exists()
    with pytest.raises(Rejected) as caught:
        await bench.offset(id)
    assert code_of(caught) == ("media.unknown", 404)


async def test_one_can_end_ones_own(bench: Bench) -> None:
    """MED-12."""
    id = await bench.create(10)
    await bench.uploads.write(id, "li", 0, pieces(b"abc"))
    await bench.uploads.terminate(id, "li")
    assert not bench.uploads.path(id).exists()
    with pytest.raises(Rejected):
        await bench.offset(id)


async def test_two_who_ask_while_bytes_are_made_sure_of_close_nothing_under_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-6: on a slow disk too the file is closed when the last byte is on it, not before."""
    id, began, on_disk = await bench.create(10), asyncio.Event(), threading.Event()
    order: list[str] = []
    sync, close = Part.sync, Part.close

    def slow_sync(part: Part) -> int:
        on_disk.wait(5)
        order.append("sync")
        return sync(part)

    def seen_close(part: Part) -> None:
        order.append("close")
        close(part)

    monkeypatch.setattr(Part, "sync", slow_sync)
    monkeypatch.setattr(Part, "close", seen_close)

    async def hangs() -> AsyncIterator[bytes]:
        yield b"abc"
        began.set()
        await asyncio.Event().wait()

    first = asyncio.create_task(bench.uploads.write(id, "li", 0, hangs()))
    await began.wait()
    asking = [asyncio.create_task(bench.offset(id)) for _ in range(2)]
    first.cancel()
    for _ in range(20):
        await asyncio.sleep(0.005)  # until both have ended the writer
    on_disk.set()
    assert await asyncio.gather(*asking) == [3, 3]
    assert order == ["sync", "close"]
    with pytest.raises(asyncio.CancelledError):
        await first
