"""`huaxin gateway`: the gateway without the flowers."""

import argparse
import asyncio
import gc
import json
import signal
import sys
from pathlib import Path

import msgspec

from .config import GatewayConfig
from .gateway import Gateway
from .open import ChannelOptions, OpenChannels, OpenConfig
from .server import Server
from .transports import ws

_EPILOG = """examples:
  huaxin gateway --open
      open channels on ws://127.0.0.1:8000/connection/websocket; point any Centrifuge SDK at it
  huaxin gateway --open --namespaces '{"chat": {"history_size": 50}, "live": {"history_size": 0}}'
      channels "chat:…" keep 50 publications, channels "live:…" none
  huaxin gateway --open --token-secret s3cret --no-anonymous
      connections need a JWT signed with HS256 (claims: sub, exp, info)
  huaxin gateway --echo
      a WebSocket echo server, for conformance suites
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The arguments of `huaxin gateway`, for the command that mounts it."""
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.epilog = _EPILOG
    mode = parser.add_mutually_exclusive_group(required=True)
    mode.add_argument("--open", action="store_true", help="serve open channels from memory")
    mode.add_argument("--echo", action="store_true", help="send every WebSocket message back")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default %(default)s)")
    parser.add_argument("--port", type=int, default=8000, help="0 picks a free one (default %(default)s)")
    parser.add_argument(
        "--ping", type=float, default=25.0, help="seconds between pings (default %(default)s)"
    )
    parser.add_argument(
        "--allow-origin",
        action="append",
        default=[],
        metavar="ORIGIN",
        help="also accept browsers' pages of this origin, * for all; repeatable (default: own origin only)",
    )
    parser.add_argument("--token-secret", default="", help="verify connection JWTs with this HS256 secret")
    parser.add_argument(
        "--anonymous",
        action=argparse.BooleanOptionalAction,
        default=True,
        help="connections without a token",
    )
    defaults = ChannelOptions()
    parser.add_argument(
        "--history-size",
        type=int,
        default=defaults.history_size,
        help="publications kept per channel, 0 for none (default %(default)s)",
    )
    parser.add_argument(
        "--history-ttl",
        type=float,
        default=defaults.history_ttl,
        help="seconds a publication is kept (default %(default)s)",
    )
    for name, text in (
        ("publish", "clients may publish"),
        ("presence", "clients may ask who is there"),
        ("join-leave", "clients are told who comes and goes"),
    ):
        parser.add_argument(f"--{name}", action=argparse.BooleanOptionalAction, default=True, help=text)
    parser.add_argument(
        "--namespaces",
        default="{}",
        metavar="JSON|FILE",
        help="options per namespace: "
        "{name: {publish, presence, join_leave, history_size, history_ttl, token}}",
    )


def run(args: argparse.Namespace) -> int:
    """Serves until SIGINT or SIGTERM. Returns the exit code."""
    try:
        config = make_open_config(args)
    except (ValueError, OSError) as error:
        print(f"huaxin gateway: {error}", file=sys.stderr)
        return 2
    work = serve_echo(args.host, args.port) if args.echo else _serve_open(args, config)
    with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
        try:
            runner.run(work)
        except OSError as error:
            print(f"huaxin gateway: cannot listen on {args.host}:{args.port}: {error}", file=sys.stderr)
            return 1
    return 0


def tune_gc() -> None:
    """For a process that serves: what lives now lives on, and what comes dies young without cycles.

    With the default threshold the collector would look through every session's objects many times a
    second, about a tenth of the server's time under load.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def get_loop_factory() -> "type[asyncio.AbstractEventLoop] | None":
    """uvloop where there is one (not on Windows), else the standard loop."""
    try:
        import uvloop
    except ImportError:
        return None
    loop: type[asyncio.AbstractEventLoop] = uvloop.Loop
    return loop


def make_open_config(args: argparse.Namespace) -> OpenConfig:
    """Raises ValueError when the namespaces are not valid."""
    text: str = args.namespaces
    if not text.lstrip().startswith("{"):
        text = Path(text).read_text(encoding="utf-8")
    try:
        namespaces = msgspec.convert(json.loads(text), dict[str, ChannelOptions])
    except (msgspec.ValidationError, json.JSONDecodeError) as error:
        raise ValueError(f"--namespaces: {error}") from None
    return OpenConfig(
        default=ChannelOptions(
            publish=args.publish,
            presence=args.presence,
            join_leave=args.join_leave,
            history_size=args.history_size,
            history_ttl=args.history_ttl,
        ),
        namespaces=namespaces,
        token_secret=args.token_secret,
        anonymous=args.anonymous,
    )


async def start_open(
    config: OpenConfig,
    gateway_config: GatewayConfig | None = None,
    host: str = "127.0.0.1",
    port: int = 0,
) -> tuple[Server, OpenChannels]:
    """A running server of open channels."""
    channels = OpenChannels(config)
    gateway = Gateway(channels, channels, channels, gateway_config)
    channels.hub = gateway.hub
    server = Server(None, gateway, host, port)
    await server.start()
    return server, channels


async def start_echo(host: str = "127.0.0.1", port: int = 0, limit: int = 32 * 1024 * 1024) -> Server:
    """A running WebSocket echo server on every path, taking messages up to `limit` bytes."""
    channels = OpenChannels()
    gateway = Gateway(channels, channels, channels, GatewayConfig(max_message=limit))
    accept = ws.accept_echo(gateway.config, limit)
    server = Server(None, gateway, host, port, accept=accept, any_path=True)
    await server.start()
    return server


async def serve_echo(host: str = "127.0.0.1", port: int = 0) -> None:
    """Runs the echo server until SIGINT or SIGTERM."""
    told = _listen_for_signals()
    server = await start_echo(host, port)
    tune_gc()
    print(f"echo on ws://{server.host}:{server.port}/", flush=True)
    await told.wait()
    await server.stop()


async def _serve_open(args: argparse.Namespace, config: OpenConfig) -> None:
    gateway_config = GatewayConfig(
        ping_interval=args.ping,
        pong_timeout=min(10.0, args.ping),
        allowed_origins=tuple(args.allow_origin),
    )
    told = _listen_for_signals()
    server, _ = await start_open(config, gateway_config, args.host, args.port)
    tune_gc()
    print(f"open channels on ws://{server.host}:{server.port}{ws.PATH}", flush=True)
    await told.wait()
    await server.stop()


def _listen_for_signals() -> asyncio.Event:
    """Set on SIGINT or SIGTERM. Begun before anybody is told of the server: who knows it may end it."""
    loop = asyncio.get_running_loop()
    told = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, told.set)
    return told


def main() -> int:
    parser = argparse.ArgumentParser(prog="huaxin gateway", description=__doc__)
    add_arguments(parser)
    return run(parser.parse_args())
