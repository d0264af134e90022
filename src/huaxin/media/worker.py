"""The process apart that opens what strangers sent: one job a line on stdin, one answer a line on stdout.

It has no secrets, no sockets of the server, a bound on memory and processor time, and may die: the workshop
(its parent) then says the medium is broken and starts another.
"""

import contextlib
import os
import resource
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from huaxin.media.model import MediaError, Purpose
from huaxin.media.sniff import FILMS, HEAD, PICTURES, SOUNDS, UNKNOWN, sniff

MOST_MEMORY = 3 << 30  # bytes of address space: libraries alone map half a gigabyte
MOST_FILE = 1 << 30


class Job(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    purpose: Purpose
    source: str
    out: str  # an empty folder
    longest: int = 0  # of a picture, pixels; 0: as sharp as is kept of any


class Result(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What was made of it, or `code` and why not. `files`: variant → (name in `out`, media type)."""

    id: str
    code: str = ""
    sentence: str = ""
    value: Any = None
    kind: str = ""
    type: str = ""
    width: int = 0
    height: int = 0
    duration_ms: int = 0
    waveform: list[int] = []
    blurhash: str = ""
    files: dict[str, tuple[str, str]] = {}


def make(job: Job) -> dict[str, Any]:
    """Fields of a Result. Raises MediaError."""
    source, out = Path(job.source), Path(job.out)
    with source.open("rb") as file:
        kind = sniff(file.read(HEAD))
    if job.purpose in (Purpose.picture, Purpose.proof):
        return _picture(source, kind, out, job.longest)
    if job.purpose is Purpose.voice:
        return _voice(source, kind, out)
    if job.purpose is Purpose.video:
        return _clip(source, kind, out)
    return as_file(source, kind, out)


def _picture(source: Path, kind: str, out: Path, longest: int) -> dict[str, Any]:
    from huaxin.media.pictures import LONGEST, make_picture

    if kind not in PICTURES:
        raise MediaError("media.type", "This is not a picture.", kind)
    return make_picture(source, kind, out, longest or LONGEST)


def _voice(source: Path, kind: str, out: Path) -> dict[str, Any]:
    from huaxin.media.sound import make_voice

    if kind not in SOUNDS | FILMS:
        raise MediaError("media.type", "This is not a sound.", kind)
    return make_voice(source, kind, out)


def _clip(source: Path, kind: str, out: Path) -> dict[str, Any]:
    from huaxin.media.clips import AsFile, make_clip

    if kind not in FILMS:
        raise MediaError("media.type", "This is not a clip.", kind)
    try:
        return make_clip(source, kind, out)
    except AsFile:
        for left in out.iterdir():
            left.unlink()
        return as_file(source, kind, out)


def as_file(source: Path, kind: str, out: Path) -> dict[str, Any]:
    """Byte for byte, and only ever to be saved."""
    try:
        os.link(source, out / "original")
    except OSError:
        shutil.copyfile(source, out / "original")
    return {"kind": "file", "files": {"original": ["original", kind or UNKNOWN]}}


def warm() -> None:
    """Loads what most jobs need, while the first bytes still travel."""
    import huaxin.media.pictures
    import huaxin.media.sound  # noqa: F401


def answer(job: Job, do: Callable[[Job], dict[str, Any]] = make) -> Result:
    """Never raises: whatever goes wrong is a broken medium."""
    try:
        made = do(job)
        return msgspec.convert({"id": job.id, "type": made["files"]["original"][1], **made}, Result)
    except MediaError as refused:
        return Result(id=job.id, code=refused.code, sentence=refused.sentence, value=refused.value)
    except MemoryError:
        return Result(id=job.id, code="media.broken", sentence="This needs more memory than it may have.")
    except Exception as wrong:
        print(f"media worker: {type(wrong).__name__}: {wrong}", file=sys.stderr, flush=True)
        return Result(id=job.id, code="media.broken", sentence="This cannot be opened.")


def _bound() -> None:
    # Where a bound is unknown (macOS) the parent's clock still holds.
    for what, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_FSIZE, MOST_FILE)):
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    with contextlib.suppress(OSError):
        os.nice(5)  # people's messages come first


def main() -> None:
    """Serves jobs until stdin ends."""
    # Libraries that print must not speak in the middle of an answer.
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    _bound()
    warm()
    decode = msgspec.json.Decoder(Job).decode
    for line in sys.stdin.buffer:
        answers.write(msgspec.json.encode(answer(decode(line))) + b"\n")


if __name__ == "__main__":
    main()
