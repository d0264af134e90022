"""OwnTracks and Traccar Client over real HTTP: their formats as the apps send them (TR-80 …)."""

import asyncio
import os
import re
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
import qrcode

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.contract.live.conftest import house, open_another, until
from tests.house import Member, log_in, place, plain_http, shop_point

__all__ = ["house", "open_another"]


async def ridden(house: House) -> tuple[Member, Member, str, dict[str, Any]]:
    """An order on the road and a tracker of its courier."""
    li, owner, zhang = [await log_in(house, name) for name in ("li", "owner", "zhang")]
    order = await place(li)
    await owner.done("confirm_order", order=order)
    await owner.done("assign_courier", order=order, courier=zhang.person)
    await zhang.done("pick_up", order=order)
    await zhang.done("set_off", order=order)
    tracker = await owner.done("create_tracker", shop="huaxin", courier=zhang.person, name="OwnTracks")
    return li, owner, order, tracker


def owntracks(**fields: Any) -> dict[str, Any]:
    return {"_type": "location", "tid": "zh", "acc": 8, "batt": 71, "tst": int(time.time())} | fields


async def test_owntracks_moves_the_bike_on_the_buyers_map(house: House) -> None:
    """TR-80: Basic auth, 200 and `[]`; the buyer's track channel hears it."""
    li, _, order, tracker = await ridden(house)
    line = await Line(li).open()
    track = await line.listen(f"track:{order}")
    here = await shop_point(house)
    async with plain_http(base_url=house.url, auth=(tracker["tracker"], tracker["password"])) as app:
        where = owntracks(lat=here.lat + 0.004, lon=here.lon, vel=18, cog=10)
        headers = {"X-Limit-U": "zhang", "X-Limit-D": "phone"}
        answer = await app.post("/api/trackers/owntracks", json=where, headers=headers)
        assert (answer.status_code, answer.json()) == (200, [])
        await until(lambda: bool(track.signals))
        seen = track.signals[-1]["track"]["position"]
        assert abs(seen["point"]["lat"] - here.lat - 0.004) < 1e-6
        assert (seen["speed_kmh"], seen["battery"]) == (18, 71)
        for other in (b"", b" ", b'{"_type":"lwt","tst":1}', b'{"_type":"waypoint"}', b'{"_type":"status"}'):
            answer = await app.post("/api/trackers/owntracks", content=other)
            assert (answer.status_code, answer.json()) == (200, [])
        again = await app.post("/api/trackers/owntracks", json=where)  # sent twice: nothing happens
        assert again.status_code == 200
        broken = await app.post("/api/trackers/owntracks", content=b"{")
        assert (broken.status_code, broken.json()["code"]) == (400, "tracker.unreadable")
    await line.close()


async def test_traccar_in_both_its_forms(house: House) -> None:
    """TR-81: query, form and JSON; knots and m/s become km/h; GET and POST."""
    li, _, order, tracker = await ridden(house)
    device = f"{tracker['tracker']}.{tracker['password']}"
    here, now = await shop_point(house), time.time()

    async def seen() -> dict[str, Any]:
        found: dict[str, Any] = (await li.order(order))["track"]["position"]
        return found

    async with plain_http(base_url=house.url) as app:
        query = {
            "id": device,
            "lat": here.lat + 0.003,
            "lon": here.lon,
            "timestamp": int(now - 20),
            "speed": 10,
        }
        answer = await app.get(
            "/api/trackers/traccar", params=query | {"accuracy": 9, "batt": 55, "bearing": 90}
        )
        assert (answer.status_code, answer.content) == (200, b"")
        assert round((await seen())["speed_kmh"], 2) == 18.52
        form = query | {"timestamp": int((now - 10) * 1000), "lat": here.lat + 0.0035}
        assert (await app.post("/api/trackers/traccar", data=form)).status_code == 200
        json = {
            "device_id": device,
            "location": {
                "timestamp": time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(now)),
                "coords": {"latitude": here.lat + 0.004, "longitude": here.lon, "accuracy": 6, "speed": -1,
                           "heading": 12, "altitude": 4},
                "is_moving": True,
                "battery": {"level": 0.42, "is_charging": False},
            },
        }  # fmt: skip
        assert (await app.post("/api/trackers/traccar", json=json)).status_code == 200
        assert (await seen())["battery"] == 42
        nobody = await app.post("/api/trackers/traccar", data=query | {"id": ""})
        assert (nobody.status_code, nobody.json()["code"]) == (400, "tracker.no_device")
        mock = await app.get("/api/trackers/traccar", params=form | {"mock": "true", "lat": 0.1})
        assert mock.status_code == 200
        assert (await seen())["battery"] == 42


async def test_who_may_not_report(house: House) -> None:
    """TR-82: unknown 404, wrong or revoked 401, with a code and a sentence; too many guesses 429."""
    _, owner, _, tracker = await ridden(house)
    zhang, li = await log_in(house, "zhang"), await log_in(house, "li")

    async def post(id: str, password: str) -> httpx.Response:
        async with plain_http(base_url=house.url, auth=(id, password)) as app:
            return await app.post("/api/trackers/owntracks", json=owntracks(lat=30.0, lon=120.0))

    unknown = await post("tffffffff", "x")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "tracker.unknown")
    wrong = await post(tracker["tracker"], "x")
    assert (wrong.status_code, wrong.json()["code"]) == (401, "tracker.password")
    assert wrong.headers["www-authenticate"].startswith("Basic")
    assert wrong.json()["detail"]
    async with plain_http(base_url=house.url) as app:
        assert (await app.post("/api/trackers/owntracks", json={})).status_code == 401
    listed = await owner.ask("list_trackers", shop="huaxin")
    assert [one["id"] for one in listed] == [tracker["tracker"]]
    assert "password" not in listed[0]
    assert (await li.do("create_tracker", shop="huaxin")).status_code == 403
    own = await zhang.done("create_tracker", shop="huaxin")
    assert own["courier"] == zhang.person
    other = await zhang.do("create_tracker", shop="huaxin", courier=owner.person)
    assert other.status_code == 403
    await owner.done("revoke_tracker", shop="huaxin", tracker=tracker["tracker"])
    assert (await post(tracker["tracker"], tracker["password"])).status_code == 401


async def test_a_restart_keeps_trackers_and_the_ring(open_another: Callable[..., Any], data: Any) -> None:
    """TR-83: the ring of the shop, in metres or minutes."""
    house = await open_another(database=f"sqlite:///{data / 'trackers.db'}")
    owner, zhang = await log_in(house, "owner"), await log_in(house, "zhang")
    assert await owner.ask("get_ring", shop="huaxin") == {"metres": 500, "minutes": 0}
    await owner.done("set_ring", shop="huaxin", metres=300, minutes=2)
    assert (await zhang.do("set_ring", shop="huaxin", metres=300)).status_code == 403
    assert (await owner.do("set_ring", shop="huaxin", metres=30)).status_code == 422
    assert house.tracking.tracker.rings["huaxin"] == (300, 2)
    await house.stop(1.0)
    again = await open_another(database=f"sqlite:///{data / 'trackers.db'}")
    assert again.tracking.tracker.rings["huaxin"] == (300, 2)


async def test_a_code_to_scan_is_drawn_for_who_is_signed_in(house: House) -> None:
    """TR-83: what a phone scans is the address of this house with the tracker in it."""
    owner = await log_in(house, "owner")
    text = f"{house.url}/api/trackers/traccar?id=t1a2b3c4.secret&interval=5"
    view = await owner.ask("draw_code", text=text)
    code = qrcode.QRCode(border=0, error_correction=qrcode.ERROR_CORRECT_L)
    code.add_data(text)
    code.make()
    dark = {(x, y) for y, row in enumerate(code.get_matrix()) for x, field in enumerate(row) if field}
    bars = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", view["path"])
    assert {(int(x) + n, int(y)) for x, y, length in bars for n in range(int(length))} == dark
    assert view["size"] == len(code.get_matrix())
    async with plain_http(base_url=house.url) as nobody:
        assert (await nobody.post("/api/queries/draw_code", json={"text": text})).status_code == 401


@pytest.mark.skipif(shutil.which("curl") is None, reason="the lines are curl's")
async def test_the_lines_of_the_handbook_move_the_bike(house: House) -> None:
    """TR-80, TR-81: the very lines of docs/subsystems/tracking.md, given to a shell."""
    li, _, order, tracker = await ridden(house)
    here, text = (
        await shop_point(house),
        (Path(__file__).parents[3] / "docs/subsystems/tracking.md").read_text(),
    )
    block = text.split("### Trying a tracker by hand")[1].split("```sh\n")[1].split("```")[0]
    _, *calls = [part for part in block.split("\n\n") if part.strip()]
    assert len(calls) == 3
    for n, call in enumerate(calls, 1):
        where = {"LAT": f"{here.lat + 0.0004 * n:.6f}", "LON": f"{here.lon:.6f}"}
        known = {"HERE": house.url, "ID": tracker["tracker"], "PASSWORD": tracker["password"]}
        line = call.replace("curl ", "curl -sS --fail --noproxy '*' ", 1)
        shell = await asyncio.create_subprocess_exec(
            "sh", "-ec", line, env=dict(os.environ) | known | where, stdout=-1, stderr=-1
        )
        said, wrong = await shell.communicate()
        assert shell.returncode == 0, wrong.decode()
        assert said == (b"[]" if n == 1 else b"")
        seen = (await li.order(order))["track"]["position"]
        assert seen["battery"] == (71, 70, 42)[n - 1]
        assert round(seen["speed_kmh"]) == 18
        if n < 3:
            await asyncio.sleep(1.05)  # the lines carry whole seconds
