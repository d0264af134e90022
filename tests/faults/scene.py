"""One store's run: everybody at their devices, the server killed again and again, evidence collected."""

import asyncio
import random
import time
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from tests.faults.checker import Evidence, Stream, Truth
from tests.faults.devices import Device, Wish, Writer, read_history
from tests.faults.server import ServerProcess
from tests.faults.world import SHOP, Person, World, read_facts
from tests.postgres import Cluster

_SETTLE_S = 30.0
_PAUSE_S = 0.12  # between two messages of one writer, on average
_MOVES = ("start_making", "mark_ready")


@dataclass
class Tally:
    """What happened beside the evidence."""

    kills: int = 0
    database_kills: int = 0
    recovered: int = 0
    unrecovered: int = 0
    seconds: float = 0.0


class Scene:
    def __init__(
        self, world: World, server: ServerProcess, port: int, rng: random.Random, cluster: Cluster | None
    ) -> None:
        self.world, self.server, self.port, self.rng, self.cluster = world, server, port, rng, cluster
        self.evidence = Evidence([], [p.member for p in world.people], [], [], {}, [], [])
        self.tally = Tally()
        self._devices: list[Device] = []
        self._writers: list[Writer] = []
        self._tasks: list[asyncio.Task[object]] = []

    async def run(self, kills: int, longest_s: float, tell: Callable[[str], None]) -> None:
        """Leaves the evidence complete but for the facts, which `finish` reads."""
        began = time.monotonic()
        await self.server.start()
        await self._open_devices()
        self._start_talking(kills)
        for nth in range(kills):
            if time.monotonic() - began > longest_s:
                tell(f"out of time after {nth} kills")
                break
            # From the middle of the storm of reconnects to the quiet of everybody talking.
            await asyncio.sleep(self.rng.choice((self.rng.uniform(0, 0.5), self.rng.uniform(0.5, 3.0))))
            took = await self._kill(nth)
            self.tally.kills += 1
            tell(f"kill {nth + 1}: back after {took:.1f} s, {len(self.evidence.acks)} acks so far")
        await self._stop_talking()
        self.tally.seconds = time.monotonic() - began

    async def _kill(self, nth: int) -> float:
        """Kills the server; of PostgreSQL now and then the database with it, and now and then it alone."""
        if self.cluster is not None and nth % 4 == 3:
            self.tally.database_kills += 1
            self.cluster.kill()
            await asyncio.sleep(self.rng.uniform(0, 0.5))  # the server lives on without its database
            self.cluster.start()
            await asyncio.sleep(self.rng.uniform(0, 1.0))
        if self.cluster is not None and nth % 4 == 1:
            self.tally.database_kills += 1
            self.cluster.kill()
            self.server.kill()
            self.cluster.start()
        else:
            self.server.kill()
        return await self.server.start()

    async def _open_devices(self) -> None:
        world = self.world
        for nth, order in enumerate(world.orders):
            await self._open(world.buyers[nth], f"order:{order}")
            await self._open(world.guests[nth], f"order:{order}")
        for nth, person in enumerate(world.staff):
            await self._open(person, f"shop:{SHOP}", f"order:{world.orders[nth]}")
        for nth, person in enumerate(world.couriers):
            mine = [f"order:{order}" for order in world.orders[nth::2]] if nth < 2 else []
            await self._open(person, f"run:{SHOP}:{person.member.person}", *mine)
        # A second device of one buyer, and everybody who has no business here.
        await self._open(world.buyers[0], f"order:{world.orders[0]}")
        for person in world.strangers:
            theirs = [f"order:{order}" for order in world.orders]
            await self._open(person, f"shop:{SHOP}", f"run:{SHOP}:{world.couriers[0].member.person}", *theirs)

    async def _open(self, person: Person, *channels: str) -> None:
        device = Device(person, self.port, self.evidence)
        self._devices.append(device)
        await device.open(*channels)

    def _start_talking(self, kills: int) -> None:
        orders = self.world.orders
        for device in self._devices:
            member = device.member
            if member.role in ("buyer", "recipient"):
                mine = list(member.orders)
            elif member.role == "courier":
                mine = list(orders)  # also of others: refused
            else:
                mine = orders
            lanes = 2 if member.role == "shop" else 1
            for lane in range(lanes):
                number = len(self._writers)
                pause = _PAUSE_S * (10 if member.role == "stranger" else 1)
                rng = random.Random(self.rng.random())
                self._writers.append(Writer(device, 100 * number + lane, mine, rng, pause))
        self._tasks = [asyncio.create_task(writer.run()) for writer in self._writers]
        self._tasks.append(asyncio.create_task(self._work(kills * 3.0)))

    async def _work(self, seconds: float) -> None:
        """The shop's own business in between: making, and orders that change hands."""
        shop = next(d for d in self._devices if d.member.role == "shop")
        world, rng = self.world, self.rng
        wishes = [
            Wish(name, f"{name}-{order}", {"order": order}) for order in world.orders for name in _MOVES
        ]
        for order, courier in ((world.orders[0], 2), (world.orders[1], 2), (world.orders[3], 0)):
            fields = {"order": order, "courier": world.couriers[courier].member.person}
            wishes.insert(rng.randrange(len(wishes)), Wish("assign_courier", f"assign-{order}", fields))
        for wish in wishes:
            await asyncio.sleep(rng.uniform(0, 2 * seconds / len(wishes)))
            await shop.send(wish)

    async def _stop_talking(self) -> None:
        """Everybody finishes what they have in hand, and has heard all there is."""
        for writer in self._writers:
            writer.stopping = True
        done, late = await asyncio.wait(self._tasks, timeout=_SETTLE_S)
        for task in late:
            task.cancel()
        for task in done:
            task.result()

    async def finish(self, database: str) -> None:
        """Reads the truth, waits for what is still on its way, asks for every history, closes."""
        evidence = self.evidence
        evidence.facts = await read_facts(database)
        truth = Truth(evidence.facts)
        deadline = time.monotonic() + _SETTLE_S
        # Publications have no event for "the last one".
        while time.monotonic() < deadline and any(_is_behind(truth, s) for s in evidence.streams):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
        base = f"http://127.0.0.1:{self.port}"
        async with httpx.AsyncClient(base_url=base, timeout=20) as http:
            for person in self.world.people:
                for order in self.world.orders:
                    status, sights, raw = await read_history(http, person, order)
                    evidence.others.append((person.member, raw))
                    if status == 200:
                        evidence.histories.append((person.member, order, sights))
                    elif status not in (403, 404):
                        raise RuntimeError(f"{person.member.name} asked for {order}: {status} {raw}")
        self._check_everybody_was_asked()
        for device in self._devices:
            self.tally.recovered += sum(ears.recovered for ears in device.ears)
            self.tally.unrecovered += sum(ears.unrecovered for ears in device.ears)
            await device.close()

    def _check_everybody_was_asked(self) -> None:
        """A member who is turned away from their own order would otherwise look like nothing missing."""
        served = {(member.name, order) for member, order, _ in self.evidence.histories}
        for person in [*self.world.buyers, *self.world.guests]:
            for order in person.member.orders:
                if (person.member.name, order) not in served:
                    raise RuntimeError(f"{person.member.name} was turned away from {order}")


def _is_behind(truth: Truth, stream: Stream) -> bool:
    if not stream.whole:
        return False
    last = max((fact.seq for fact in truth.owed(stream)), default=0)
    return last > (stream.sights[-1].seq if stream.sights else 0)
