"""The real relay beside the server: docs/spec/calls.md."""

import os
import signal
from pathlib import Path

import pytest

from huaxin.turn.coturn import Coturn, Plan
from tests.contract.live.conftest import until

pytestmark = pytest.mark.skipif(
    not Coturn.command(), reason="coturn is not installed: `make calls` brings it"
)
SECRET = "nobody-is-to-read-this"


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def words_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/cmdline").read_bytes()


async def test_the_relay_is_started_again_and_ends_with_the_server(tmp_path: Path) -> None:
    """CA-18: on the same port; its secret is on no command line; what a killed server left is ended."""
    told: list[int] = []
    plan = Plan(folder=tmp_path / "turn", secret=SECRET, listen=("127.0.0.1",), loopback=True)
    coturn = Coturn(plan, told.append)
    assert await coturn.start()
    port, first = coturn.port, coturn.pid
    assert told == [port]
    assert SECRET.encode() not in words_of(first)
    os.kill(first, signal.SIGKILL)
    await until(lambda: len(told) >= 3)
    assert told[:3] == [port, 0, port]
    assert coturn.pid != first
    left = coturn.pid
    await until(lambda: coturn._pid_file.exists())
    again = Coturn(plan)
    again._end_left_over()  # as the next server does
    await until(lambda: coturn.starts >= 3)
    assert coturn.pid != left
    last = coturn.pid
    await coturn.stop()
    assert not is_running(last)
    assert SECRET not in coturn._log.read_text()
