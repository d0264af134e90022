"""Open channels and the command line around them."""

import argparse
import asyncio
import os
import signal
import sys

import pytest

from huaxin.gateway import Identity, Position, Refused, codes
from huaxin.gateway.cli import add_arguments, make_open_config, run
from huaxin.gateway.open import ChannelOptions, OpenChannels, OpenConfig

from .support import make_gateway

ANN = Identity(user="ann")


def make_channels(**options: float) -> OpenChannels:
    channels = OpenChannels(OpenConfig(default=ChannelOptions(**options)))  # type: ignore[arg-type]
    channels.hub = make_gateway(channels).hub  # type: ignore[arg-type]
    return channels


async def test_history_is_bounded_by_size_and_age() -> None:
    """GW-33: what fell out makes a recovery from before it incomplete."""
    channels = make_channels(history_size=3)
    for number in range(5):
        channels.add("a", b"%d" % number)
    head = await channels.head(ANN, "a")
    assert head.offset == 5
    assert (await channels.since(ANN, "a", "", 2, head.epoch, 100)).complete
    assert not (await channels.since(ANN, "a", "", 1, head.epoch, 100)).complete
    assert not (await channels.since(ANN, "a", "", 2, "other", 100)).complete
    assert not (await channels.since(ANN, "a", "", 2, head.epoch, 2)).complete
    assert not (await channels.since(ANN, "a", "", 6, head.epoch, 100)).complete
    old = make_channels(history_ttl=-1.0)
    old.add("a", b"1")
    assert (await old.history(ANN, "a", "", None, 10, False)).publications == []


async def test_history_pages_meet() -> None:
    """GW-40."""
    channels = make_channels()
    for number in range(1, 8):
        channels.add("a", b"%d" % number)
    seen: list[int] = []
    since = None
    while True:
        page = await channels.history(ANN, "a", "", since, 3, False)
        if not page.publications:
            break
        seen += [p.offset for p in page.publications]
        since = Position(page.position.epoch, seen[-1])
    assert seen == list(range(1, 8))


async def test_no_secret_no_token() -> None:
    """GW-11: without a secret no token is valid, and the empty one is anonymous."""
    channels = make_channels()
    assert (await channels.connect("", None, {})).user == ""
    with pytest.raises(Refused) as refused:
        await channels.connect("abc", None, {})
    assert refused.value.code == codes.UNAUTHORIZED.code


def test_arguments() -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    args = parser.parse_args(
        ["--open", "--no-publish", "--history-size", "7", "--namespaces", '{"live": {"history_size": 0}}']
    )
    config = make_open_config(args)
    assert (config.default.publish, config.default.history_size) == (False, 7)
    assert config.get_options("live:1").history_size == 0
    assert config.get_options("live").history_size == 7
    assert "huaxin gateway --echo" in parser.format_help()


def test_wrong_namespaces_are_explained(capsys: pytest.CaptureFixture[str]) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    assert run(parser.parse_args(["--open", "--namespaces", '{"a": {"size": 1}}'])) == 2
    assert "size" in capsys.readouterr().err


async def test_it_runs_alone_and_stops_when_told() -> None:
    """`python -m huaxin.gateway --open` serves, and ends cleanly on SIGTERM."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "huaxin.gateway", "--open", "--port", "0"),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(p for p in sys.path if p)},
    )
    assert process.stdout is not None
    line = (await process.stdout.readline()).decode()
    assert line.startswith("open channels on ws://127.0.0.1:")
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
