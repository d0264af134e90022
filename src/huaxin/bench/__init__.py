"""`huaxin bench`: what the project promises about speed, measured on this machine.

Everything runs against the whole house in a process of its own, pinned to one core: real tokens, the real
dispatcher, durable commits, redaction. The load runs on the other cores, beside relays that do nothing but
relay, in the same run: their ratio means the same on every machine. `docs/subsystems/speed.md` says how.
"""

import argparse
import sys
from collections.abc import Callable

from huaxin.bench.eta import run_eta
from huaxin.bench.intake import run_intake
from huaxin.bench.riding import run_riding
from huaxin.bench.runs import run_runs
from huaxin.bench.stock import run_stock
from huaxin.bench.suite import run_suite
from huaxin.bench.talk import run_talk

PARTS: dict[str, Callable[[], int]] = {
    "messages": run_suite,
    "talk": run_talk,
    "riding": run_riding,
    "eta": run_eta,
    "runs": run_runs,
    "stock": run_stock,
    "intake": run_intake,
}


def run(args: argparse.Namespace) -> int:
    """Measures the wanted parts (all of them when none is named) one after the other. The exit code is 0 also
    when targets are missed, 1 when a delivery was wrong, 2 for a part that there is not."""
    unknown = [part for part in args.parts if part not in PARTS]
    if unknown:
        print(f"there is no part {unknown[0]} to measure; there are {', '.join(PARTS)}", file=sys.stderr)
        return 2
    if args.quick:
        return run_suite(quick=True)
    codes = []
    for part in args.parts or PARTS:
        print(f"\n== {part}", flush=True)
        codes.append(PARTS[part]())
    return max(codes)


__all__ = ["run"]
