"""Two hundred orders as a shop gets them: a table out of a spreadsheet, first with mistakes in it."""

import asyncio
from typing import Any

from huaxin.kernel import Point
from huaxin.live.views import PlaceMatch
from huaxin.simulation import words as w
from huaxin.simulation.morning.hands import Refused
from huaxin.simulation.morning.opening import point_of
from huaxin.simulation.morning.scale import BOUQUETS
from huaxin.simulation.morning.scene import SHOP, Scene
from huaxin.simulation.spots import Spot, find_spots

HEAD = (
    "单号", "配送日期", "配送时间", "收花人", "收花人电话", "地址", "门禁", "花束", "数量", "贺卡", "落款",
    "匿名", "惊喜", "订花人", "订花人电话",
)  # fmt: skip
CSV = "text/csv"
_SAME_PLACE = 0.004  # degrees: what the search finds is what was meant
# Column, what somebody typed instead, and how the preview calls the column.
MISTAKES = (
    (1, "昨天", "配送日期"),
    (2, "早一点", "配送时间"),
    (4, "12345", "收花人电话"),
    (5, "月亮背面三号坑", "地址"),
    (7, "没有这种花", "花束"),
    (8, "一百", "数量"),
)
Row = list[str]


def make_rows(scene: Scene) -> list[Row]:
    """One row for each order, in the order in which somebody wrote them down. Addresses are the city's own.

    Raises ValueError when the city has too few addresses that the search finds again.
    """
    spots = _findable(scene, find_spots(scene.house.city, point_of(scene), scene.seed))
    if not spots:
        raise ValueError("this city has no address that can be found by its name and ridden to")
    rows: list[Row] = []
    for nth, window in enumerate(scene.scale.windows):
        for _ in range(window.orders):
            rows.append(_row(scene, len(rows), window.words, spots[len(rows) % len(spots)], nth))
    scene.chance("shuffle").shuffle(rows)
    return rows


def _row(scene: Scene, nth: int, window: str, spot: Spot, slot: int) -> Row:
    chance = scene.chance("row", nth)
    _, card, signature, anonymous, surprise = chance.choice(w.CARDS)
    bouquet = BOUQUETS[nth % len(BOUQUETS)]
    recipient = chance.choice(w.SURNAMES) + chance.choice(w.GIVEN)
    buyer = chance.choice(w.SURNAMES) + chance.choice(w.TITLES)
    return [
        f"M{slot + 1}-{nth + 1:03d}", scene.day.isoformat(), window, recipient, f"139{nth:08d}", spot.text,
        chance.choice(w.DOOR_NOTES), bouquet.name, "2" if nth % 17 == 3 else "1", card, signature,
        "是" if anonymous else "否", "是" if surprise else "否", buyer, f"136{nth:08d}",
    ]  # fmt: skip


def _findable(scene: Scene, spots: list[Spot]) -> list[Spot]:
    """Those whose words lead the search back to them."""
    city, shop = scene.house.city, point_of(scene)
    return [one for one in spots if _leads_to(city.search(one.text, shop, limit=1), one.point)]


def _leads_to(found: list[PlaceMatch], point: Point) -> bool:
    if not found:
        return False
    here = found[0].point
    return abs(here.lat - point.lat) < _SAME_PLACE and abs(here.lon - point.lon) < _SAME_PLACE


def as_csv(rows: list[Row], encoding: str = "gbk") -> bytes:
    """As a spreadsheet of this country writes it."""
    quoted = [[f'"{cell}"' if "," in cell else cell for cell in row] for row in [list(HEAD), *rows]]
    return "\r\n".join(",".join(row) for row in quoted).encode(encoding)


def with_mistakes(rows: list[Row]) -> list[Row]:
    wrong = [list(row) for row in rows]
    for nth, (column, typed, _) in enumerate(MISTAKES):
        wrong[(nth * 7 + 2) % len(wrong)][column] = typed
    return wrong


def expected_wrong(rows: list[Row]) -> int:
    """Rows with a mistake in them: in a short table two may meet in one."""
    return len({(nth * 7 + 2) % len(rows) for nth in range(len(MISTAKES))})


async def look_at_mistakes(scene: Scene, rows: list[Row]) -> None:
    """The preview names every mistake, and nothing of such a table is imported."""
    wrong, path = as_csv(with_mistakes(rows)), f"/api/shops/{SHOP}/imports"
    preview = await scene.desk.send_file(f"{path}/preview", wrong, CSV)
    named = {one["column"]["zh"] for one in preview["problems"]}
    meant = {column for *_, column in MISTAKES}
    count = expected_wrong(rows)
    scene.check("the preview names every mistake", meant <= named and preview["wrong"] == count, named)
    code = ""
    try:
        await scene.desk.send_file(path, wrong, CSV)
    except Refused as no:
        code = no.code
    scene.check("with one wrong cell nothing is imported", code == "import.wrong", code)
    scene.check("looking makes no order", not await scene.orders())


async def bring_in(scene: Scene, rows: list[Row]) -> None:
    """The corrected table, over HTTP."""
    data, path = as_csv(rows), f"/api/shops/{SHOP}/imports"
    preview = await scene.desk.send_file(f"{path}/preview", data, CSV)
    if preview["wrong"]:
        raise ValueError(f"the corrected table still has mistakes: {preview['problems'][:3]}")
    await scene.desk.send_file(path, data, CSV)
    await wait_for_import(scene, str(preview["id"]))


async def wait_for_import(scene: Scene, id: str) -> dict[str, Any]:
    async with asyncio.timeout(120):
        while True:
            found: dict[str, Any] = await scene.desk.ask("get_import", shop=SHOP, id=id)
            if found["state"] == "done":
                return found
            await asyncio.sleep(0.05)


async def after_import(scene: Scene, rows: list[Row]) -> None:
    """Each row is one order, once; what is sold out is sold to nobody else; what was paid is noted."""
    again = await scene.desk.send_file(f"/api/shops/{SHOP}/imports/preview", as_csv(rows), CSV)
    scene.check("the same table again would make nothing", again["new"] == 0, again["new"])
    orders = await scene.orders()
    scene.refs = [one.id for one in orders]
    scene.check("every row is an order", len(orders) == len(rows), f"{len(orders)} of {len(rows)}")
    await _too_late(scene)
    await asyncio.gather(*(_paid(scene, one.id, one.total) for one in orders))


async def _paid(scene: Scene, order: str, total: int) -> None:
    await scene.desk.do("record_payment", order=order, amount=total, method="elsewhere", reference="微信")


async def _too_late(scene: Scene) -> None:
    """Somebody orders for the window that is sold out, and is told which is free."""
    full = next((one for one in scene.scale.windows if one.orders == scene.scale.seats), None)
    if full is None:
        return
    buyer = await scene.door.log_in("13900009999", "来晚的人")
    spot = find_spots(scene.house.city, point_of(scene), scene.seed)[0]
    try:
        await buyer.do(
            "place_order", order="too-late-0001", shop=SHOP, lines=[{"product": BOUQUETS[1].id}],
            recipient={"name": "某人", "phone": "13900008888"},
            address={"text": spot.text, "point": {"lat": spot.point.lat, "lon": spot.point.lon}},
            promise={"start": scene.at(full.start), "end": scene.at(full.end)},
        )  # fmt: skip
        code, others = "", 0
    except Refused as no:
        code = no.code
        others = len(no.value.get("slots", ())) if isinstance(no.value, dict) else 0
    held = code == "slot.full" and others > 0
    scene.check("a window that is sold out is sold to nobody else", held, f"{code}, {others} others offered")
