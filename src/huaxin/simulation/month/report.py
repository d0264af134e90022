"""`huaxin eta evaluate` without trips: simulated months, judged through the Tracker as buyers saw them."""

from collections.abc import Callable, Sequence
from statistics import median

from huaxin.simulation.month.month import Month
from huaxin.simulation.month.quality import EtaWatcher, Seen
from huaxin.simulation.month.setting import DAY, Setting
from huaxin.simulation.month.town import Town
from huaxin.simulation.trips.judge import reliability
from huaxin.simulation.trips.targets import Stage, print_targets

Progress = Callable[[str, float], None]
_NAMES = ("at departure", "half-way", "three quarters")


def play_month(town: Town, setting: Setting, progress: Progress = lambda stage, part: None) -> list[Seen]:
    """One month; every eta that was judged."""
    watcher = EtaWatcher()
    month = Month(town, setting, [watcher])
    stage = f"month with seed {setting.seed}"
    for happening in month.run():
        watcher.hear(month, happening)
        progress(stage, min(1.0, (happening.at - setting.begins_at) / (setting.days * DAY)))
    return watcher.seen


def print_month(seen: Sequence[Seen]) -> None:
    """The table by stage, then by the stops that came before."""
    print("\nMAPE of the time left, and of the whole ride's time; median and bias of the time left;")
    print("band: P10 to P90, in parts of P50")
    print(f"{'':26}{'n':>7}{'left':>8}{'whole':>8}{'median':>8}{'bias':>8}{'covered':>9}{'band':>7}")
    rows_of = [[one for one in seen if one.stage == stage] for stage in range(len(_NAMES))]
    stages = [_row(name, rows) for name, rows in zip(_NAMES, rows_of, strict=True)]
    for before in range(4):
        rows = [one for one in seen if one.stage == 0 and one.stops_before == before]
        _row(f"at departure, {before} before", rows)
    print_targets([stage for stage in stages if stage is not None])
    print("\nChance of keeping the promise: said, and kept")
    for one in reliability([(one.chance, one.kept) for one in seen]):
        print(f"  {one.low:.1f}–{one.high:.1f}  n {one.n:6,}  said {one.said:5.0%}  kept {one.kept:5.0%}")


def _row(name: str, rows: Sequence[Seen]) -> Stage | None:
    if not rows:
        return None
    n = len(rows)
    mape = 100 * sum(abs(one.p50_s - one.left_s) / one.left_s for one in rows) / n
    whole = 100 * sum(abs(one.p50_s - one.left_s) / one.whole_s for one in rows) / n
    middle = 100 * median(abs(one.p50_s - one.left_s) / one.left_s for one in rows)
    bias = 100 * sum(one.p50_s - one.left_s for one in rows) / sum(one.left_s for one in rows)
    covered = 100 * sum(one.p10_s <= one.left_s <= one.p90_s for one in rows) / n
    width = median((one.p90_s - one.p10_s) / max(1.0, one.p50_s) for one in rows)
    print(f"{name:26}{n:7,}{mape:8.1f}{whole:8.1f}{middle:8.1f}{bias:+8.1f}{covered:8.1f}%{width:7.2f}")
    return Stage(name, mape, whole, covered)
