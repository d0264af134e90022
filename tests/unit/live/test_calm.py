"""NW-21: who saves data gets positions seldom, each whole in itself."""

from huaxin.live.calm import EVERY_S, CalmPace


def test_calm_views_are_told_seldom_and_whole() -> None:
    now = [100.0]
    pace = CalmPace(lambda: now[0])
    asked: list[int] = []

    def whole() -> bytes:
        asked.append(1)
        return b"whole"

    first = pace.views("o1", b"usual", whole)
    assert (first["buyer"], first["buyer.calm"]) == (b"usual", b"whole")
    now[0] += EVERY_S - 1
    assert "buyer.calm" not in pace.views("o1", b"usual", whole)
    assert "buyer.calm" in pace.views("o2", b"usual", whole)
    now[0] += 1
    assert pace.views("o1", b"usual", whole)["courier.calm"] == b"whole"
    assert len(asked) == 3
