"""The process apart (docs/spec/media.md MED-23)."""

import os
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from huaxin.media.model import Purpose
from huaxin.media.worker import Job
from huaxin.media.workshop import Workshop
from tests.unit.media import samples

# Dies, hangs or babbles as the job's id says, and answers otherwise.
ODD = """
import json, os, sys, time
for line in sys.stdin:
    job = json.loads(line)
    if job["id"] == "dies": os._exit(9)
    if job["id"] == "hangs": time.sleep(60)
    if job["id"] == "babbles": print("what?", flush=True); continue
    secret = os.environ.get("HUAXIN_SECRET", "none")
    print(json.dumps({"id": job["id"], "kind": "file", "type": secret}), flush=True)
"""


def job(id: str) -> Job:
    return Job(id=id, purpose=Purpose.file, source="/nowhere", out="/nowhere")


@pytest.fixture
async def open_workshop() -> AsyncIterator[Callable[..., Workshop]]:
    opened: list[Workshop] = []

    def open_one(limit_s: float = 20, *command: str) -> Workshop:
        opened.append(Workshop(limit_s, command) if command else Workshop(limit_s))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()


@pytest.mark.parametrize("odd", ["dies", "babbles"])
async def test_after_a_crash_the_next_one_is_served(open_workshop: Callable[..., Workshop], odd: str) -> None:
    """MED-23."""
    workshop = open_workshop(20, sys.executable, "-c", ODD)
    assert (await workshop.make(job("first"))).kind == "file"
    first = workshop.pid
    assert (await workshop.make(job(odd))).code == "media.broken"
    assert (await workshop.make(job("next"))).kind == "file"
    assert workshop.pid not in (0, first)


async def test_what_takes_too_long_is_ended(open_workshop: Callable[..., Workshop]) -> None:
    """MED-23."""
    workshop = open_workshop(3, sys.executable, "-c", ODD)
    assert (await workshop.make(job("hangs"))).code == "media.broken"
    assert (await workshop.make(job("next"))).kind == "file"


async def test_the_worker_knows_no_secret(
    open_workshop: Callable[..., Workshop], monkeypatch: pytest.MonkeyPatch
) -> None:
    """MED-23."""
    monkeypatch.setitem(os.environ, "HUAXIN_SECRET", "of the server")
    assert (await open_workshop(20, sys.executable, "-c", ODD).make(job("x"))).type == "none"


async def test_the_real_worker_makes_a_picture(
    open_workshop: Callable[..., Workshop], tmp_path: Path
) -> None:
    """MED-15, as the server runs it; a job that cannot be opened is its answer, not its end."""
    workshop, source, out = open_workshop(), tmp_path / "a", tmp_path / "out"
    await workshop.warm()
    source.write_bytes(samples.jpeg())
    out.mkdir()
    broken = Job(id="none", purpose=Purpose.picture, source="/nowhere", out=str(out))
    assert (await workshop.make(broken)).code == "media.broken"
    pid = workshop.pid
    result = await workshop.make(Job(id="m-1", purpose=Purpose.picture, source=str(source), out=str(out)))
    assert (result.kind, workshop.pid) == ("picture", pid)
