"""FL-7: pictures of the catalogue that nobody uses go; those that an order was sold with stay."""

import os
from pathlib import Path

from huaxin.live.picture_sweep import EVERY_S, KEPT_S, OWN, PictureSweep

NOW = 1_790_000_000.0


class Store:
    """As much of the catalogue's store as is asked."""

    def __init__(self) -> None:
        self.used = {OWN + "rose.jpg", "/pictures/lily.jpg"}
        sold = f'{{"lines":[{{"picture":"{OWN}sold.jpg"}}],"substitutions":[{{"picture":"{OWN}other.png"}}]}}'
        self.docs = [("s", f"o-{n:03}", b"{}") for n in range(450)] + [("s", "o-450", sold.encode())]

    async def pictures(self) -> set[str]:
        return self.used

    async def order_docs(self, after: tuple[str, str], limit: int) -> list[tuple[str, str, bytes]]:
        return [one for one in self.docs if one[:2] > after][:limit]


def put(folder: Path, name: str, age_s: float) -> Path:
    path = folder / name
    path.write_bytes(b"picture")
    os.utime(path, (NOW - age_s, NOW - age_s))
    return path


def names(folder: Path) -> list[str]:
    return sorted(one.name for one in folder.iterdir())


async def test_only_what_nobody_uses_is_removed(tmp_path: Path) -> None:
    """FL-7: not one of a bouquet, an order, a proposal, nor one that was just added or chosen again."""
    for name in ("rose.jpg", "sold.jpg", "other.png", "left.jpg", "again.jpg"):
        put(tmp_path, name, KEPT_S + 1)
    put(tmp_path, "new.jpg", KEPT_S - 1)
    (tmp_path / "work-dead").mkdir()
    os.utime(tmp_path / "work-dead", (NOW - KEPT_S - 1, NOW - KEPT_S - 1))
    now = [NOW]
    sweep = PictureSweep(Store(), tmp_path, lambda: now[0])  # type: ignore[arg-type]  # only what it asks for
    gone: list[str] = []
    sweep.gone.append(gone.append)
    sweep.touch(OWN + "again.jpg")
    os.utime(tmp_path / "again.jpg", (NOW, NOW))
    assert await sweep.sweep() == 1
    assert gone == [OWN + "left.jpg"]
    assert names(tmp_path) == ["again.jpg", "new.jpg", "other.png", "rose.jpg", "sold.jpg"]
    now[0] += EVERY_S - 1
    assert await sweep.sweep() == 0
    now[0] += KEPT_S
    assert await sweep.sweep() == 2
    assert names(tmp_path) == ["other.png", "rose.jpg", "sold.jpg"]


async def test_a_folder_that_is_not_there_is_no_trouble(tmp_path: Path) -> None:
    """FL-7: a shop that never added a picture."""
    assert await PictureSweep(Store(), tmp_path / "none").sweep() == 0  # type: ignore[arg-type]
