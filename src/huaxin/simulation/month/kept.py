"""`huaxin watch evaluate`: the same month with and without the watchdog and a dispatcher who follows it."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from huaxin.simulation.month.guard import Guard, Unwatched
from huaxin.simulation.month.month import ZONE, Month, Watcher
from huaxin.simulation.month.paired import Outcome, compare
from huaxin.simulation.month.setting import DAY, Setting
from huaxin.simulation.month.town import Town

Progress = Callable[[str, float], None]
_TO_SHOP = frozenset({"escalate_alert"})


class Kept(NamedTuple):
    """What became of one month's orders. `calls`: the promise passed and nobody had told the buyer."""

    orders: int
    kept: int
    late_minutes: float  # of the late ones, on average
    calls: int
    told: int  # buyers warned before the promise passed
    told_in_vain: int  # … whose flowers came in time all the same
    asks: int  # questions to couriers
    shop_notices: int
    moved: int  # orders given to somebody else
    by_order: dict[str, Outcome]


def play(town: Town, setting: Setting, progress: Progress, *, watched: bool, reassigns: bool = True) -> Kept:
    """One month. Unwatched: no warning of any kind, nobody is sent to help."""
    guard = Guard(reassigns=reassigns)
    holder: list[Month] = []
    tracker = None if watched else Unwatched(town.roads, lambda: holder[0].now, ZONE)
    watchers: Sequence[Watcher] = [guard] if watched else []
    month = Month(town, setting, watchers, tracker)
    holder.append(month)
    told: dict[str, int] = {}
    counts: Counter[str] = Counter()
    stage = "with the watchdog" if watched else "without"
    for happening in month.run():
        if happening.command == "report_slipping":
            told.setdefault(happening.order.id, happening.at)
        elif happening.command == "raise_alert":
            counts["asks" if happening.order.alerts[-1].asks else "shop"] += 1
        elif happening.command in _TO_SHOP:
            counts["shop"] += 1
        progress(stage, min(1.0, (happening.at - setting.begins_at) / (setting.days * DAY)))
    return _judge(month, told, counts, len(guard.moved))


def _judge(month: Month, told: dict[str, int], counts: Counter[str], moved: int) -> Kept:
    done = [o for o in month.orders.values() if "arrived" in o.times]
    late = [o for o in done if o.times["arrived"] > o.promise.end]
    in_time = {o.id for o in done if told.get(o.id, o.promise.end) < o.promise.end}
    late_ids = {o.id for o in late}
    minutes = sum(o.times["arrived"] - o.promise.end for o in late) / 60_000
    return Kept(
        orders=len(done), kept=len(done) - len(late), late_minutes=minutes / max(1, len(late)),
        calls=len(late_ids - in_time), told=len(in_time), told_in_vain=len(in_time - late_ids),
        asks=counts["asks"], shop_notices=counts["shop"], moved=moved,
        by_order={o.id: (_day(o.placed_at, month.setting), o.id not in late_ids) for o in done},
    )  # fmt: skip


def _day(at: int, setting: Setting) -> int:
    return (at - setting.begins_at) // DAY


def print_kept(arms: Sequence[tuple[str, Kept]]) -> None:
    """One column for each arm."""
    rows: list[tuple[str, Callable[[Kept], str]]] = [
        ("orders", lambda k: f"{k.orders:,}"),
        ("promises kept", lambda k: f"{k.kept / max(1, k.orders):.1%}"),
        ("late ones late by, min", lambda k: f"{k.late_minutes:.1f}"),
        ("calls (promise passed, nobody told)", lambda k: f"{k.calls:,}"),
        ("buyers told before", lambda k: f"{k.told:,}"),
        ("… in vain", lambda k: f"{k.told_in_vain:,}"),
        ("orders given to another courier", lambda k: f"{k.moved:,}"),
        ("questions to couriers per order", lambda k: f"{k.asks / max(1, k.orders):.3f}"),
        ("notices to the shop per order", lambda k: f"{k.shop_notices / max(1, k.orders):.3f}"),
        ("warnings to buyers per order", lambda k: f"{k.told / max(1, k.orders):.3f}"),
    ]
    print(f"\n{'':38}" + "".join(f"{name:>26}" for name, _ in arms))
    for name, value in rows:
        print(f"{name:38}" + "".join(f"{value(kept):>26}" for _, kept in arms))
    _print_differences(arms)
    first, last = arms[0][1], arms[-1][1]
    print(f"\ncalls avoided: {first.calls - last.calls:,} of {first.calls:,}")


def _print_differences(arms: Sequence[tuple[str, Kept]]) -> None:
    """Promises kept against the first arm, order by order."""
    base_name, base = arms[0]
    print(f"\npromises kept, order by order against {base_name!r} (95 % confidence, days as pairs):")
    for name, kept in arms[1:]:
        one = compare(base.by_order, kept.by_order)
        sure = "a difference" if one.is_sure else "no difference to be seen"
        print(
            f"  {name:26}{one.mean:+7.1%}  [{one.low:+.1%}, {one.high:+.1%}]: {sure};"
            f" {one.gained} more kept, {one.lost} fewer"
        )
