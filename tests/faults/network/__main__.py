"""Three real Chromium pages (buyer, courier, shop) write through networks that break: was anything lost?

    python -m tests.faults.network --minutes 10 --seed 1

Each page has a network of its own: it is cut, delayed, goes silent without a word (half-open), is throttled
to 20 kB/s, drops connections at random, lets no WebSocket through, or nothing but server-sent events. People
write on through the screens' own composer and load their pages anew now and then. Then the same for a while
with WebSocket blocked altogether, and at last five hundred messages written without network.

Everything written must be in the journal once and in its order, and on every page's screen as in the journal.
Exit code 1 when not. The same seed makes the same weather and the same words; the moments differ.
"""

import argparse
import asyncio
import itertools
import os
import random
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from huaxin.maps.library import CityLibrary
from huaxin.simulation.story.browser import NoBrowser, open_browser
from tests.browser.conftest import signed_in
from tests.faults.checker import KINDS, Evidence, Fact, Member, Violation, check
from tests.faults.crash import free_port
from tests.faults.network.people import LONG_S, Person
from tests.faults.network.proxy import Proxy
from tests.faults.server import ServerProcess
from tests.faults.world import SHOP, read_facts
from tests.house import log_in, open_house, place

APPS = {"buyer": "li", "courier": "zhang", "shop": "owner"}
ROLES = {"buyer": "buyer", "courier": "courier", "shop": "shop"}
TARGET_S = 3.0  # in which an outbox of OUTBOX is to be empty
OUTBOX = 500
TRANSPORTS = ("websocket", "http_stream", "sse")
_SHOWN = 12


@dataclass
class Scene:
    people: list[Person]
    database: str
    order: str
    lines: list[str] = field(default_factory=list)  # what the last stage found, for the table


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0, help="of changing weather (10)")
    parser.add_argument("--blocked", type=float, default=1.0, help="minutes without any WebSocket (1)")
    parser.add_argument(
        "--outbox", type=int, default=OUTBOX, help=f"messages written without network ({OUTBOX})"
    )
    parser.add_argument("--seed", type=int, default=0, help="0: another one each time")
    args = parser.parse_args()
    seed = args.seed or random.SystemRandom().randrange(1, 10**6)
    print(f"seed {seed}; repeat with --seed {seed}", flush=True)
    try:
        found = asyncio.run(run(seed, args.minutes, args.blocked, args.outbox))
    except NoBrowser as why:
        print(why, file=sys.stderr)
        return 2
    for violation in found[:_SHOWN]:
        print(f"{violation.kind}: {violation.words}")
    if len(found) > _SHOWN:
        print(f"… and {len(found) - _SHOWN} more")
    print("FAILED" if found else "nothing lost, doubled or disordered")
    return 1 if found else 0


async def run(seed: int, minutes: float, blocked: float, outbox: int) -> list[Violation]:
    """All stages; prints as it goes."""
    with tempfile.TemporaryDirectory(prefix="huaxin-network") as folder:
        CityLibrary(Path(folder) / "cities").ensure_demo()
        async with open_scene(Path(folder), random.Random(seed)) as scene:
            found: list[Violation] = []
            if minutes:
                await _storm(scene, minutes * 60)
                found += await _judge(
                    scene, f"{minutes:g} min of weather", TRANSPORTS if minutes >= 5 else ()
                )
            if blocked:
                for person in scene.people:
                    person.storm.never = frozenset({"websocket"})
                    person.storm.clear()
                    person.proxy.cut()
                await _storm(scene, blocked * 60, ("cut", "delay", "slow", "drops"))
                found += await _judge(scene, f"{blocked:g} min, WebSocket blocked", ("http_stream",))
                for person in scene.people:
                    person.storm.never = frozenset()
                    person.storm.clear()
            if outbox:
                found += await _fill(scene, outbox)
                found += await _judge(scene, f"{outbox} from the outbox", ())
            return found


@asynccontextmanager
async def open_scene(folder: Path, rng: random.Random) -> AsyncIterator[Scene]:
    """A server in a process of its own, one order on its way, three pages each behind its own proxy."""
    database = f"sqlite:///{folder / 'network.db'}"
    async with AsyncExitStack() as stack:
        async with open_house(folder, database=database) as house:
            li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
            order = await place(li)
            await owner.done("confirm_order", order=order)
            await owner.done("assign_courier", order=order, courier=zhang.person)
            persons = {"buyer": li.person, "courier": zhang.person, "shop": owner.person}
            scripts = {app: await signed_in(house, app, who) for app, who in APPS.items()}
            for member in (li, owner, zhang):
                await member.http.aclose()
        port = free_port()
        server = ServerProcess(folder, database, port, folder / "server.log")
        stack.callback(server.kill)
        await server.start()
        browser = await stack.enter_async_context(open_browser())
        people = []
        for app, who in APPS.items():
            proxy = Proxy(port, random.Random(rng.random()))
            await proxy.start()
            stack.push_async_callback(proxy.stop)
            orders = frozenset({order})
            member = Member(who, persons[app], ROLES[app], shop=SHOP, orders=orders)
            person = Person(app, member, order, proxy, random.Random(rng.random()))
            await person.open(browser, scripts[app])
            stack.push_async_callback(person.close)
            people.append(person)
        yield Scene(people, database, order)


async def _storm(scene: Scene, seconds: float, kinds: tuple[str, ...] = ()) -> None:
    for person in scene.people:
        await person.begin_log()
        person.storm.silences.clear()
        person.storm.came.clear()
        person.reloads = 0
    ends = time.monotonic() + seconds
    weather = [p.storm.run(seconds, kinds) if kinds else p.storm.run(seconds) for p in scene.people]
    await asyncio.gather(*weather, *(person.write(ends) for person in scene.people))


async def _fill(scene: Scene, count: int) -> list[Violation]:
    """What the courier wrote in the cellar."""
    courier = next(person for person in scene.people if person.app == "courier")
    await courier.write_unsent(count)
    took = await courier.empty_outbox()
    missed = "" if took <= TARGET_S else f", missed: {TARGET_S:g} s"
    busy = f"; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores"
    print(f"\nan outbox of {count} was empty {took:.2f} s after the line was back{missed}{busy}", flush=True)
    return []


async def _judge(scene: Scene, name: str, expected: tuple[str, ...]) -> list[Violation]:
    """Waits until everything is everywhere, then holds it against the journal; prints the figures."""
    found = await _await_sent(scene)
    facts = [fact for fact in await read_facts(scene.database) if fact.order == scene.order]
    evidence = Evidence(facts, [p.member for p in scene.people], [], [], {}, [], [])
    last = max(fact.seq for fact in facts)
    for person in scene.people:
        try:
            async with asyncio.timeout(LONG_S):
                evidence.histories.append((person.member, scene.order, await person.history(last)))
        except TimeoutError:
            found.append(Violation("lost", f"the {person.app}'s page never came to {last}"))
    evidence.facts = await _whole_journal(scene)
    found += check(evidence)
    for person in scene.people:
        found += check_written(person.member.person, person.wished, facts)
        found += [Violation(_kind_of(words), f"{person.app}'s screen: {words}") for words in person.wrong]
        found += [Violation("lost", f"{person.app}'s page failed: {error}") for error in person.errors]
        person.wrong, person.errors[:] = [], []
    used = Counter(what for person in scene.people for _, what in person.lines if what in TRANSPORTS)
    found += [Violation("lost", f"{one} was never in use") for one in expected if not used[one]]
    _print(scene, name, used, found)
    return found


async def _whole_journal(scene: Scene) -> list[Fact]:
    return [fact for fact in await read_facts(scene.database) if fact.shop == SHOP]


async def _await_sent(scene: Scene) -> list[Violation]:
    ends = time.monotonic() + LONG_S
    found = []
    for person in scene.people:
        # What a page does in its own time has no event here.
        while time.monotonic() < ends and await person.unsent() > len(await person.refused()):  # noqa: ASYNC110
            await asyncio.sleep(0.2)
        if left := await person.unsent():
            why = ", ".join((await person.refused())[:3]) or "still waiting"
            found.append(Violation("lost", f"{left} of the {person.app} never left the outbox: {why}"))
    return found


def check_written(person: str, wished: list[str], facts: list[Fact]) -> list[Violation]:
    """Everything somebody wrote is in the journal once, in the order of writing."""
    found = []
    order = {marker: nth for nth, marker in enumerate(wished)}
    mine = [fact.marker for fact in facts if fact.actor == person and fact.marker]
    counts = Counter(mine)
    found += [Violation("lost", f"{marker} is not in the journal") for marker in wished if not counts[marker]]
    found += [
        Violation("doubled", f"{marker} is in the journal {count} times")
        for marker, count in counts.items()
        if count > 1
    ]
    places = [order[marker] for marker in mine if marker in order]
    for before, after in itertools.pairwise(places):
        if after < before:
            found.append(Violation("disordered", f"{wished[after]} stands behind {wished[before]}"))
    return found


def _kind_of(words: str) -> str:
    return words.partition(":")[0]


def _print(scene: Scene, name: str, used: Counter[str], found: list[Violation]) -> None:
    counts = Counter(violation.kind for violation in found)
    came: Counter[str] = sum((person.storm.came for person in scene.people), Counter())
    noticed = sorted(seconds for person in scene.people for seconds in person.noticed())
    print(f"\n{name}")
    print("  written   " + ", ".join(f"{p.app} {len(p.wished)}" for p in scene.people), end="")
    print(f"; pages loaded anew {sum(p.reloads for p in scene.people)} times")
    if came:
        print("  weather   " + ", ".join(f"{kind} {count}" for kind, count in came.most_common()))
    print("  connected " + ", ".join(f"by {one} {used[one]} times" for one in TRANSPORTS))
    if noticed:
        middle, worst = statistics.median(noticed), noticed[-1]
        print(
            f"  a dead line was noticed after {middle:.1f} s "
            f"(median of {len(noticed)}), at most {worst:.1f} s"
        )
    print("  " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS), flush=True)


if __name__ == "__main__":
    sys.exit(main())
