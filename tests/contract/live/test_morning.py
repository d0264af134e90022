"""A small morning from an empty shop, through the public doors (docs/subsystems/simulation.md)."""

from pathlib import Path

from huaxin.config import Config
from huaxin.simulation.morning import play
from huaxin.simulation.morning.scale import SMALL
from tests.house import SECRET


async def test_twelve_orders_from_a_table_to_the_door(data: Path, tmp_path: Path) -> None:
    """IM-6 to IM-8, SL-4, PG-1, PD-1, FL-11, FQ-1, PR-3, RM-3, IM-33 to IM-37: whatever must hold does."""
    config = Config(
        data=data, host="127.0.0.1", port=0, database=f"sqlite:///{tmp_path / 'm.db'}", secret=SECRET
    )
    scene = await play(config, SMALL, 1, tmp_path / "papers", screens=False)
    assert [(one.words, one.found) for one in scene.checks if not one.holds] == []
    assert len(scene.checks) > 25
    assert len(scene.refs) == SMALL.orders
    assert scene.papers["slip"] == SMALL.orders
