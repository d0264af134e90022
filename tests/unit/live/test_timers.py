"""One clock for changes, incidents and other flowers (CH-9, IN-8, FL-15)."""

from typing import Any

from msgspec.structs import replace

from huaxin.journal.model import Rejected
from huaxin.live.timers import Timers
from huaxin.orders import commands as c
from huaxin.orders.model import Order
from tests.unit.orders.helpers import ORDER, Play
from tests.unit.orders.test_substitution import last, offer, ordered


class Watched(dict[str, Order]):
    """Open orders that count how many of them were looked at."""

    looked = 0

    def get(self, key: str, default: Any = None) -> Any:
        self.looked += 1
        return super().get(key, default)


class Stage:
    def __init__(self, play: Play) -> None:
        self.play, self.given = play, list[tuple[str, Any, str]]()
        self.open = Watched({f"other-{n:04d}": replace(play.state, id=f"other-{n:04d}") for n in range(3000)})
        self.open[play.state.id] = play.state
        self.fails: list[Exception] = []
        self.timers = Timers(lambda: self.open, self.give, self.nobody, lambda: self.play.now)

    async def give(self, order: Order, body: Any, id: str) -> None:
        if self.fails:
            raise self.fails.pop()
        self.given.append((order.id, body, id))
        self.play.do("system", body)
        self.see()

    async def nobody(self, order: Order) -> str:
        return ""

    def see(self) -> None:
        """As the feed tells of every record."""
        self.open[ORDER] = self.play.state
        self.timers.follow(self.play.state)


async def test_only_what_is_due_is_looked_at() -> None:
    """FL-15: thousands of open orders cost nothing; the time that is over is done once."""
    stage = Stage(ordered())
    for order in stage.open.values():
        stage.timers.follow(order)
    offer(stage.play)
    stage.see()
    await stage.timers.look()
    assert (stage.open.looked, stage.given) == (0, [])
    stage.play.now = last(stage.play).until
    await stage.timers.look()
    (given,) = stage.given
    assert given[:2] == (ORDER, c.SettleSubstitute(order=ORDER, substitution=last(stage.play).id))
    assert stage.open.looked == 1
    await stage.timers.look()
    assert len(stage.given) == 1


async def test_what_was_answered_first_is_not_done() -> None:
    """FL-16: a person was faster, or the store failed: the next look sees how it stands."""
    stage = Stage(ordered())
    offer(stage.play)
    stage.see()
    stage.play.now = last(stage.play).until
    stage.fails = [Rejected("substitution.settled", "too late"), RuntimeError("the store is away")]
    await stage.timers.look()
    await stage.timers.look()
    assert stage.given == []
    await stage.timers.look()
    assert len(stage.given) == 1
    del stage.open[ORDER]  # over meanwhile
    stage.play.now += 10**9
    await stage.timers.look()
    assert len(stage.given) == 1
