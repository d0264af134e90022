"""`huaxin bench`: what the project promises about speed, measured on this machine.

Everything runs against the whole house in a process of its own, pinned to one core: real tokens, the real
dispatcher, durable commits, redaction. The load runs on the other cores, beside relays that do nothing but
relay, in the same run: their ratio means the same on every machine. `docs/subsystems/speed.md` says how.
"""

import argparse

from huaxin.bench.eta import run_eta
from huaxin.bench.riding import run_riding
from huaxin.bench.runs import run_runs
from huaxin.bench.suite import run_suite
from huaxin.bench.talk import run_talk


def run(args: argparse.Namespace) -> int:
    """Measures and prints; the exit code is 0 also when targets are missed, 1 when a delivery was wrong."""
    if args.talk:
        return run_talk()
    if args.eta:
        return run_eta()
    if args.runs:
        return run_runs()
    return run_riding() if args.riding else run_suite(quick=args.quick)


__all__ = ["run"]
