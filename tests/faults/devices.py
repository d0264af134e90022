"""People's devices: real Centrifuge clients that come back by themselves, and an outbox that keeps."""

import asyncio
import json
import random
from dataclasses import dataclass
from typing import Any

import httpx
from centrifuge import (
    CentrifugeError,
    Client,
    ClientEventHandler,
    PublicationContext,
    SubscribedContext,
    SubscriptionEventHandler,
    UnsubscribedContext,
)
from centrifuge.exceptions import ReplyError

from tests.faults.checker import Ack, Evidence, Member, Sight, Stream
from tests.faults.world import Person

_REFUSED = 1000  # the application's final no; other codes mean: send it again
_AGAIN_S = 0.1


class _Ears(SubscriptionEventHandler):  # type: ignore[misc, unused-ignore]  # the SDK ships no types everywhere
    """Writes down all that comes on one channel."""

    def __init__(self, stream: Stream) -> None:
        self.stream = stream
        self.opened = asyncio.Event()
        self.recovered = self.unrecovered = 0

    async def on_subscribed(self, ctx: SubscribedContext) -> None:
        if ctx.was_recovering and ctx.recovered:
            self.recovered += 1
        elif self.opened.is_set():
            self.unrecovered += 1  # told to start over: what was missed is in the history, not here
            self.stream.whole = False
        elif ctx.stream_position is not None:
            self.stream.since = ctx.stream_position.offset
        self.opened.set()

    async def on_publication(self, ctx: PublicationContext) -> None:
        if ctx.pub.offset:
            self.stream.sights.append(to_sight(ctx.pub.data))

    async def on_unsubscribed(self, ctx: UnsubscribedContext) -> None:
        self.stream.whole = False


def to_sight(event: dict[str, Any]) -> Sight:
    raw = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
    return Sight(event["order"], event["seq"], event["type"], event.get("command_id", ""), raw)


@dataclass(frozen=True)
class Wish:
    """What somebody wants, with the id they made for it."""

    name: str
    command_id: str
    fields: dict[str, Any]


class Device:
    """One session of one member."""

    def __init__(self, person: Person, port: int, evidence: Evidence) -> None:
        self.person, self.evidence = person, evidence
        self.ears: list[_Ears] = []
        self.connects = 0
        self.client = Client(
            f"ws://127.0.0.1:{port}/connection/websocket",
            token=person.access,
            events=ClientEventHandler(),
            use_protobuf=False,
            timeout=5.0,
            min_reconnect_delay=0.05,
            max_reconnect_delay=0.6,
            proxy=None,
        )

    @property
    def member(self) -> Member:
        return self.person.member

    async def open(self, *channels: str) -> None:
        """Connects and listens. On channels of strangers nothing may ever come."""
        await self.client.connect()
        await self.client.ready(timeout=10)
        for channel in channels:
            ears = _Ears(Stream(self.member, channel, 0))
            self.ears.append(ears)
            self.evidence.streams.append(ears.stream)
            subscription = self.client.new_subscription(
                channel, events=ears, recoverable=True, min_resubscribe_delay=0.05, max_resubscribe_delay=0.6
            )
            await subscription.subscribe()
            if self.member.role == "stranger":
                ears.stream.whole = False  # owed nothing
            else:
                await asyncio.wait_for(ears.opened.wait(), 10)

    async def send(self, wish: Wish) -> bool:
        """Sends it until the server has said yes or no; whether it was yes."""
        fields = {"command_id": wish.command_id, **wish.fields}
        order = wish.fields["order"]
        while True:
            try:
                result = (await self.client.rpc(wish.name, fields)).data
            except ReplyError as error:
                if error.code == _REFUSED:
                    self.evidence.refused.append((self.member.person, wish.command_id))
                    return False
            except CentrifugeError:
                pass  # not known whether it was done: the same id again says
            else:
                ack = Ack(self.member.person, wish.command_id, order, result["seq"])
                self.evidence.acks.append(ack)
                return True
            await asyncio.sleep(_AGAIN_S)

    async def close(self) -> None:
        await self.client.disconnect()


class Writer:
    """Talks on, one message after the other, until stopped; then finishes the one in hand."""

    def __init__(
        self, device: Device, lane: int, orders: list[str], rng: random.Random, pause: float
    ) -> None:
        self._device, self._orders, self._rng, self._pause = device, orders, rng, pause
        self._lane = f"{device.member.person}/{lane}"
        self._name = f"{device.member.name.replace(' ', '-')}-{lane}"
        self.stopping = False
        device.evidence.sent[self._lane] = []

    async def run(self) -> None:
        number = 0
        while not self.stopping:
            number += 1
            wish = self._make(number)
            self._device.evidence.sent[self._lane].append(wish.command_id)
            await self._device.send(wish)
            if self._rng.random() < 0.05:
                # As a client does that was killed before it wrote down the answer.
                await asyncio.gather(self._device.send(wish), self._device.send(wish))
            await asyncio.sleep(self._rng.expovariate(1 / self._pause))

    def _make(self, number: int) -> Wish:
        rng = self._rng
        command_id = f"{self._name}-{number}"
        text = f"«{command_id}» " + "花" * rng.randrange(1, 120)
        fields: dict[str, Any] = {"order": rng.choice(self._orders), "text": text}
        role = self._device.member.role
        if rng.random() < 0.3:  # a word to some alone
            fields["to"] = rng.choice([["shop"], ["courier"], ["buyer"], ["recipient"], ["buyer", "courier"]])
        if role == "recipient" and "to" in fields:
            fields["to"] = rng.choice([["shop"], ["courier"]])
        return Wish("say", command_id, fields)


async def read_history(http: httpx.AsyncClient, person: Person, order: str) -> tuple[int, list[Sight], str]:
    """Everything the server gives this member of this order: (HTTP status, events ascending, raw answers)."""
    headers = {"authorization": f"Bearer {person.access}"}
    answer = await http.post("/api/queries/get_order", json={"order": order}, headers=headers)
    if answer.status_code != 200:
        return answer.status_code, [], answer.text
    page, raw = answer.json(), answer.text
    events = page["events"]
    while page["more"] and events:
        wish = {"order": order, "before": events[0]["seq"], "limit": 200}
        answer = await http.post("/api/queries/get_history", json=wish, headers=headers)
        answer.raise_for_status()
        page = answer.json()
        events, raw = page["events"] + events, raw + answer.text
    return 200, [to_sight(event) for event in events], raw
