"""What a courier is told of a run that changed."""

from types import SimpleNamespace
from typing import Any

from huaxin.kernel import Text
from huaxin.live.runs import UNSEEN_MS, Change, RunDesk

WHY = Text("顺序已调整", "Reordered")


def note(desk: RunDesk, at: int, before: list[str]) -> list[str]:
    plan: Any = SimpleNamespace(at=at, why=WHY)
    desk._note(("zhang", "huaxin"), plan, before)
    return desk._changes["zhang", "huaxin"].before


def test_as_it_was_is_before_every_change_that_nobody_had_time_to_see() -> None:
    """TR-24: two changes close together go back to the first; later ones, or another run, to their own."""
    desk = RunDesk.__new__(RunDesk)
    desk._changes = dict[tuple[str, str], Change]()
    assert note(desk, 1_000, ["a", "b", "c"]) == ["a", "b", "c"]
    assert note(desk, 1_000 + UNSEEN_MS - 1, ["b", "a", "c"]) == ["a", "b", "c"]
    assert note(desk, 1_000 + 2 * UNSEEN_MS, ["c", "b", "a"]) == ["c", "b", "a"]
    assert note(desk, 1_001 + 2 * UNSEEN_MS, ["d", "b", "a"]) == ["d", "b", "a"]
