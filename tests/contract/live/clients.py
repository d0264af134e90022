"""A member's real Centrifuge client, and all it was told."""

import json
from typing import Any

from centrifuge import (
    Client,
    ClientEventHandler,
    JoinContext,
    PublicationContext,
    SubscribedContext,
    SubscriptionEventHandler,
    UnsubscribedContext,
)

from tests.contract.live.conftest import LONG
from tests.house import Member


class Ears(SubscriptionEventHandler):
    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []  # with an offset: facts
        self.signals: list[dict[str, Any]] = []
        self.subscribed: list[SubscribedContext] = []
        self.gone: list[UnsubscribedContext] = []

    async def on_publication(self, ctx: PublicationContext) -> None:
        data = ctx.pub.data
        (self.events if ctx.pub.offset else self.signals).append(data)

    async def on_subscribed(self, ctx: SubscribedContext) -> None:
        self.subscribed.append(ctx)

    async def on_unsubscribed(self, ctx: UnsubscribedContext) -> None:
        self.gone.append(ctx)

    async def on_join(self, ctx: JoinContext) -> None: ...

    def texts(self) -> list[str]:
        return [e["body"]["text"] for e in self.events if e["type"] == "message_sent"]

    def notices(self) -> list[str]:
        return [e["body"]["text"]["zh"] for e in self.events if e["type"] == "notice_posted"]


class Line:
    """One device of one member."""

    def __init__(self, member: Member) -> None:
        self.member = member
        port = member.house.server.port
        self.client = Client(
            f"ws://127.0.0.1:{port}/connection/websocket",
            token=member.access,
            events=ClientEventHandler(),
            use_protobuf=False,
            timeout=LONG,
            max_server_ping_delay=LONG,
        )

    async def open(self) -> "Line":
        await self.client.connect()
        await self.client.ready(timeout=LONG)
        return self

    async def listen(self, channel: str) -> Ears:
        ears = Ears()
        subscription = self.client.new_subscription(channel, events=ears, recoverable=True)
        await subscription.subscribe()
        await subscription.ready(timeout=LONG)
        return ears

    async def call(self, method: str, **fields: Any) -> Any:
        return (await self.client.rpc(method, fields)).data

    async def close(self) -> None:
        await self.client.disconnect()


def refusal(error: Exception) -> dict[str, Any]:
    """The JSON in an rpc error's message."""
    found: dict[str, Any] = json.loads(getattr(error, "message", str(error)))
    return found
