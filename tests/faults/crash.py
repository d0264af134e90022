"""kill -9 of the server under real clients, again and again; then: was anything lost, doubled or leaked?

    python -m tests.faults.crash --kills 20 --store both --seed 1

Buyers, recipients by guest link, shop staff and couriers talk on several orders through reconnecting
Centrifuge clients, each command repeated with its id until it is answered; orders are made and change
hands meanwhile. Staff and couriers of another shop and another customer try to listen in. On PostgreSQL
one kill of four also takes the database down without a checkpoint, and before another the database goes
down and comes back under the living server.

Exit code 1 on any violation. The same seed makes the same people do the same; the moments differ.
"""

import argparse
import asyncio
import random
import resource
import shutil
import socket
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from huaxin.maps.library import CityLibrary
from tests.faults.checker import KINDS, Violation, check
from tests.faults.scene import Scene
from tests.faults.server import ServerProcess
from tests.faults.world import make_world
from tests.postgres import Unavailable, cluster

LONGEST_S = 215.0  # of one store, after which no further kill is begun
_SHOWN = 12


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--kills", type=int, default=20, help="of each store (20)")
    parser.add_argument("--store", choices=("sqlite", "postgres", "both"), default="both")
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    parser.add_argument("--verbose", action="store_true", help="a line for every kill")
    args = parser.parse_args()
    seed = args.seed or random.SystemRandom().randrange(1, 10**6)
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))
    print(f"seed {seed}; repeat with --seed {seed}", flush=True)
    print(_HEAD, flush=True)
    stores = ("sqlite", "postgres") if args.store == "both" else (args.store,)
    found: list[tuple[str, Violation]] = []
    folder = Path(tempfile.mkdtemp(prefix="huaxin-crash"))
    try:
        CityLibrary(folder / "cities").ensure_demo()
        for store in stores:
            violations = asyncio.run(_crash(store, args.kills, seed, folder, args.verbose))
            found += [(store, violation) for violation in violations]
    except Unavailable as why:
        print(why, file=sys.stderr)
        return 2
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    for store, violation in found[:_SHOWN]:
        print(f"{store}: {violation.kind}: {violation.words}")
    if len(found) > _SHOWN:
        print(f"… and {len(found) - _SHOWN} more")
    print("FAILED" if found else "nothing lost, doubled, disordered or leaked")
    return 1 if found else 0


_HEAD = "store     kills  of it db    acks  facts  received  resumed  afresh   s   " + "  ".join(KINDS)


async def _crash(store: str, kills: int, seed: int, folder: Path, verbose: bool) -> list[Violation]:
    """One store's run; prints its row of the table."""
    with ExitStack() as stack:
        server_of_rows = stack.enter_context(cluster()) if store == "postgres" else None
        where = folder / store
        where.mkdir()
        (where / "cities").symlink_to(folder / "cities")
        database = server_of_rows.make_database() if server_of_rows else f"sqlite:///{where / 'crash.db'}"
        world = await make_world(where, database)
        port = free_port()
        server = ServerProcess(where, database, port, folder / f"{store}.log")
        stack.callback(server.kill)
        scene = Scene(world, server, port, random.Random(seed), server_of_rows)
        started = time.monotonic()

        def tell(words: str) -> None:
            if verbose:
                print(f"  {time.monotonic() - started:5.1f} s  {words}", flush=True)

        await scene.run(kills, LONGEST_S, tell)
        await scene.finish(database)
    violations = check(scene.evidence)
    counts = Counter(violation.kind for violation in violations)
    tally, evidence = scene.tally, scene.evidence
    received = sum(len(stream.sights) for stream in evidence.streams)
    print(
        f"{store:9} {tally.kills:5} {tally.database_kills:9} {len(evidence.acks):7} {len(evidence.facts):6} "
        f"{received:9} {tally.recovered:8} {tally.unrecovered:7} {tally.seconds:3.0f}   "
        + "  ".join(f"{counts[kind]:>{len(kind)}}" for kind in KINDS),
        flush=True,
    )
    if tally.kills < kills:
        raise RuntimeError(f"only {tally.kills} of {kills} kills fitted into {LONGEST_S:.0f} s")
    return violations


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


if __name__ == "__main__":
    sys.exit(main())
