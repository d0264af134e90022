"""Why an arrival time moved since it was last told: the most telling reason, in both languages."""

import msgspec

from huaxin.kernel import Text

MOVE_MS = 180_000  # a smaller change is not announced
HANDOVER_S = 90.0  # an overrun that is worth naming
STILL_S = 180.0
DETOUR_M = 500.0
UNSEEN = "暂时收不到配送员的位置", "no position from the courier for a while"


class Basis(msgspec.Struct, frozen=True, kw_only=True):
    """What an eta stood on when it was last told, to say later what changed."""

    p50_at: int
    before: frozenset[str]  # orders visited before this one
    floor_at: int  # the window opens; an eta cannot be before it
    handovers: dict[
        int, float
    ] = {}  # stop of the run (from 1) → seconds longer than expected; the one now too
    still_s: float = 0.0  # standing off any stop
    stale: bool = False
    waiting: bool = False  # the flowers are still at the shop
    heading: str = ""  # the order ridden to
    way_m: float = 0.0  # ridden to it so far, and what is left by road


class Move(msgspec.Struct, frozen=True):
    minutes: int
    why: Text
    unseen: bool = False  # the reason is that no position came: over as soon as one comes


def move_of(told: Basis, now: Basis) -> Move | None:
    """What to say about an eta that moved, None when it moved by less than three minutes."""
    shift = now.p50_at - told.p50_at
    if abs(shift) < MOVE_MS:
        return None
    minutes = round(shift / 60_000)
    zh, en = _later(told, now) if shift > 0 else _sooner(told, now)
    signed = f"{minutes:+d}".replace("-", "−")
    return Move(minutes, Text(f"{signed} 分钟：{zh}", f"{signed} min: {en}"), zh == UNSEEN[0])


def _later(told: Basis, now: Basis) -> tuple[str, str]:
    if now.floor_at > told.floor_at and now.p50_at <= now.floor_at + 60_000:
        return "按约定的时间送达", "at the agreed time"
    added = len(now.before - told.before)
    if added:
        return _stops(
            "前面加了{}站", added
        ), "a stop was added before" if added == 1 else f"{added} stops were added before"
    stop, longer_s = _longest(told, now)
    if longer_s >= HANDOVER_S:
        return f"第{stop}单停留较久", f"stop {stop} took longer"
    if now.waiting:
        return "还在店里", "still at the shop"
    if told.waiting:
        return "取货比预计晚", "picked up later than expected"
    if now.still_s >= STILL_S:
        return "配送员停留未动", "the courier is not moving"
    if now.stale:
        return UNSEEN
    if now.heading and now.heading == told.heading and now.way_m - told.way_m >= DETOUR_M:
        return "路上绕行", "a detour on the way"
    return "路上较堵", "heavy traffic"


def _longest(told: Basis, now: Basis) -> tuple[int, float]:
    """The stop whose handover grew most since, and by how many seconds."""
    grown = ((stop, longer - told.handovers.get(stop, 0.0)) for stop, longer in now.handovers.items())
    return max(grown, key=lambda one: one[1], default=(0, 0.0))


def _sooner(told: Basis, now: Basis) -> tuple[str, str]:
    if now.floor_at < told.floor_at:
        return "送达时间已提前", "the time was moved forward"
    # A stop that was served is gone too, but its time was in the eta: only what was left out makes it sooner.
    gone = len(told.before - now.before - {told.heading})
    if gone:
        return _stops(
            "前面少了{}站", gone
        ), "a stop less before" if gone == 1 else f"{gone} stops less before"
    if told.waiting:
        return "取货比预计早", "picked up earlier than expected"
    return "路上比预计顺畅", "the roads are clearer than expected"


def _stops(words: str, count: int) -> str:
    return words.format("一两三四五六七八九"[count - 1] if count < 10 else count)
