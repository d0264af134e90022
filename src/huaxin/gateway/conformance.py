"""Runs the WebSocket conformance cases (kosoku, the Autobahn suite) against the gateway's transport.

`python -m huaxin.gateway.conformance [CASE …]` prints the counts and every case that did not pass, and
ends with 1 when there is one. Compression (12.*, 13.*) is not offered, so it is not run.
"""

import asyncio
import contextlib
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Sequence
from multiprocessing.connection import Connection
from typing import Any

from .cli import get_loop_factory, start_echo

NOT_OFFERED = ("12.*", "13.*")


def run_conformance(include: Sequence[str] = ("*",), concurrency: int = 4) -> list[Any]:
    """kosoku's results of the named cases against a fresh echo server in a process of its own."""
    parent, child = multiprocessing.Pipe()
    context = multiprocessing.get_context("spawn")
    server = context.Process(target=_serve, args=(child,), daemon=True)
    server.start()
    try:
        if not parent.poll(20):
            raise RuntimeError("the echo server did not start")
        port = parent.recv()
        return asyncio.run(_drive(f"ws://127.0.0.1:{port}", list(include), concurrency))
    finally:
        parent.close()
        server.join(10)
        if server.is_alive():
            server.kill()


def summarize(results: Sequence[Any]) -> str:
    """Counts by verdict and one line per case that did not pass."""
    verdicts = Counter(result.behavior.value for result in results)
    passed = sum(result.passed for result in results)
    lines = [f"WebSocket conformance: {passed} of {len(results)} cases pass (compression not offered)"]
    lines += [f"  {verdict}: {count}" for verdict, count in sorted(verdicts.items())]
    for result in results:
        if not result.passed:
            ends = f"{result.behavior.value}, close {result.behavior_close.value}"
            lines.append(f"  {result.case_id}: {ends}: {result.result} {result.result_close}")
    return "\n".join(lines)


async def _drive(address: str, include: list[str], concurrency: int) -> list[Any]:
    from kosoku import FailureError, run_fuzzingclient

    try:
        results = await run_fuzzingclient(address, include, list(NOT_OFFERED), concurrency=concurrency)
    except FailureError as failure:
        results = failure.results
    return list(results)


def _serve(pipe: Connection) -> None:
    async def serve() -> None:
        server = await start_echo()
        pipe.send(server.port)
        await asyncio.get_running_loop().run_in_executor(None, _await_end, pipe)
        await server.stop(1.0)

    with asyncio.Runner(loop_factory=get_loop_factory()) as runner:
        runner.run(serve())


def _await_end(pipe: Connection) -> None:
    with contextlib.suppress(EOFError):
        pipe.recv()


def main(cases: Sequence[str]) -> int:
    started = time.monotonic()
    results = run_conformance(cases or ("*",))
    print(summarize(results))
    print(f"  in {time.monotonic() - started:.1f} s")
    return 0 if results and all(result.passed for result in results) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
