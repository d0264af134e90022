"""Listens for the questions the facts answer, and answers them at once, as the system."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from huaxin.answers.decide import GiveAnswer
from huaxin.answers.model import Facts, Question
from huaxin.answers.reading import LONGEST, read_question
from huaxin.answers.words import answer
from huaxin.journal.model import Record, Rejected
from huaxin.kernel import Audience, Role, Text
from huaxin.orders.model import Order
from huaxin.orders.recipient.contact import hides_gift, neutral
from huaxin.storage.port import StoreError
from huaxin.tracking.views import TrackView

log = logging.getLogger(__name__)

ASKERS = frozenset({Role.buyer.value, Role.recipient.value})
_LONGEST_BODY = 600 + 12 * LONGEST  # bytes: longer ones are not even looked into
_FRESH_MS = 60_000  # what was said longer ago (a journal that is caught up with) needs no answer any more
_SAME_MS = 30_000  # the same words again within this are already on the screen
_MOST_AT_ONCE = 500
_REMEMBERED = 5_000

GiveCommand = Callable[[Order, Any, str], Awaitable[Any]]
FindTrack = Callable[[Order, Role], TrackView | None]


class _Said(msgspec.Struct, frozen=True):
    text: str = ""
    forwarded: bool = False


_said = msgspec.json.Decoder(_Said)


class Answering:
    """Told by the feed of every record. `give` is Dispatcher.system, `track` LiveTracking.track."""

    def __init__(self, clock: Callable[[], int], track: FindTrack, give: GiveCommand) -> None:
        self._clock, self._track, self._give = clock, track, give
        self._tasks: set[asyncio.Task[None]] = set()
        self._last: OrderedDict[str, tuple[int, int, Text]] = OrderedDict()  # order → at, audience, words

    def on_record(self, record: Record, order: Order) -> None:
        if record.type != "message_sent" or record.role not in ASKERS or len(record.body) > _LONGEST_BODY:
            return
        said = _said.decode(record.body)
        question = read_question(said.text) if said.text and not said.forwarded else None
        if question is None or self._clock() - record.at > _FRESH_MS or len(self._tasks) >= _MOST_AT_ONCE:
            return
        task = asyncio.get_running_loop().create_task(self._answer(record, order, question))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def settle(self) -> None:
        """Returns when every question heard so far is answered."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def _answer(self, record: Record, order: Order, question: Question) -> None:
        now = self._clock()
        facts = self._facts(order)
        text = answer(question, order, facts, now)
        if record.audience & Audience.recipient and hides_gift(order):
            text = neutral(text)  # heard by somebody who must not know yet what comes
        at, heard, words = self._last.get(order.id, (0, 0, None))
        if words == text and heard == record.audience and now - at < _SAME_MS:
            return
        wish = GiveAnswer(
            order=order.id,
            asked=record.seq,
            question=question,
            text=text,
            facts=facts,
            audience=record.audience,
        )
        try:
            # The id makes it once, also when several nodes heard the question.
            await self._give(order, wish, f"answer-{order.id}-{record.seq}")
        except (Rejected, StoreError) as refusal:
            log.debug("no answer to %d of %s: %s", record.seq, order.id, refusal)
            return
        self._last[order.id] = (now, record.audience, text)
        self._last.move_to_end(order.id)
        if len(self._last) > _REMEMBERED:
            self._last.popitem(last=False)

    def _facts(self, order: Order) -> Facts:
        track = self._track(order, Role.system)
        if track is None:
            return Facts()
        heard_at = track.position.at if track.position else 0
        eta = track.eta
        if eta is None:
            return Facts(heard_at=heard_at, stale=track.stale)
        return Facts(
            eta_from=eta.p50_at,
            eta_to=max(eta.p90_at, eta.p50_at),
            chance=eta.chance,
            verdict=eta.verdict,
            stops_before=eta.stops_before,
            distance_m=eta.distance_m,
            heard_at=heard_at,
            stale=track.stale,
        )
