"""The day on a real house with SQLite: every rule, notice and position is the real one."""

from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec

from huaxin.config import Config
from huaxin.orders.model import ON_THE_ROAD, Status
from huaxin.simulation.cli import demo_file, put_away
from huaxin.simulation.control import Control
from huaxin.simulation.day import Day, warm_up
from huaxin.simulation.plan import HOUR, MINUTE, OPENS
from huaxin.simulation.tell import line_of
from tests.house import home, log_in, plain_http

Begin = Callable[..., Any]


def listen(day: Day) -> list[tuple[int, str, str]]:
    heard: list[tuple[int, str, str]] = []
    day.world.heard_of.append(lambda record, order: heard.append((order.number, record.type, record.role)))
    return heard


async def test_a_morning_runs_by_itself(begin: Begin) -> None:
    day: Day = await begin()
    heard, notices = listen(day), Counter[str]()
    lines: list[str] = []
    day.world.heard_of.append(lambda record, order: lines.append(line_of(record, order)))
    day.world.heard_of.append(
        lambda record, _: notices.update(
            [msgspec.json.decode(record.body)["template"]] if record.type == "notice_posted" else []
        )
    )
    await warm_up(day)
    orders = day.world.orders.values()
    assert len(orders) >= 6
    assert len({order.status for order in orders}) >= 3
    assert sum(order.status in ON_THE_ROAD for order in orders) >= 1
    await day.skip_to(day.midnight + OPENS + HOUR)
    done = [order for order in orders if order.status in (Status.delivered, Status.rated)]
    assert len(done) >= 6
    assert notices["delivered"] == len(done)
    assert min(notices[name] for name in ("placed", "confirmed", "picked_up_minutes", "arriving")) >= 4
    assert Counter(kind for _, kind, _ in heard)["message_sent"] >= 3
    assert day.world.refused == Counter()
    assert any("已送达" in line for line in lines)


async def test_same_seed_same_events(begin: Begin) -> None:
    heard = []
    for _ in range(2):
        day: Day = await begin(seed=4)
        heard.append(listen(day))
        await day.skip_to(day.midnight + OPENS + 10 * MINUTE)
    assert len(heard[0]) > 80
    assert heard[0] == heard[1]


async def test_a_real_person_takes_over_and_gives_back(begin: Begin) -> None:
    real = [0.0]
    day: Day = await begin(real=lambda: real[0])
    world = day.world
    await warm_up(day)
    boss = await log_in(world.house, "owner")
    order = next(o for o in world.open_orders() if o.courier is None)
    await boss.done("say", order=order.id, text="我来看看")
    assert world.taken.is_taken(boss.person)
    # The simulator's own acts take nobody over, nor does reading.
    assert not world.taken.is_taken(world.cast.dispatcher.person)
    await boss.done("mark", order=order.id, received=1, read=1)
    li = await log_in(world.house, "li")
    hers = next(o for o in world.open_orders() if o.buyer.person == li.person)
    await li.done("mark", order=hers.id, received=1, read=1)
    await li.done("type", order=hers.id)
    assert not world.taken.is_taken(li.person)
    real[0] = 601.0
    assert not world.taken.is_taken(boss.person)


async def test_the_bike_waits_for_a_persons_taps_and_then_rides(begin: Begin) -> None:
    day: Day = await begin()
    world = day.world
    for one in world.cast.couriers[1:]:
        world.bikes[one.person].broken = True  # so that the work goes to one courier
    rider = day.riders[0]
    world.taken.take(rider.me)
    for one in day.riders[1:]:
        one.broken_at = world.now
    await day.skip_to(day.midnight + OPENS - 10 * MINUTE)
    assert all(o.status not in ON_THE_ROAD for o in world.carried_by(rider.me))
    assert rider.at_shop()
    mine = next(o for o in world.carried_by(rider.me) if o.status is Status.assigned)
    zhang = await log_in(world.house, "zhang")
    await zhang.done("pick_up", order=mine.id)
    await zhang.done("set_off", order=mine.id)
    await day.skip_to(world.now + 20 * MINUTE)
    after = world.orders[mine.id]
    assert after.status is Status.arriving  # the fence saw it; the door is still the person's to tap
    assert rider.bike.is_at(after.address.point, 25.0)
    world.taken.give_back(rider.me)
    await day.skip_to(world.now + 15 * MINUTE)
    assert world.orders[mine.id].status in (Status.delivered, Status.rated)


async def test_a_persons_order_is_made_carried_and_answered(begin: Begin) -> None:
    day: Day = await begin(seed=2)
    world = day.world
    await warm_up(day)
    chen = await log_in(world.house, "chen")
    await chen.done(
        "place_order",
        order="somebody-s-own-order",
        shop="huaxin",
        lines=[{"product": "tulip"}],
        recipient={"name": "小美", "phone": "13900001111"},
        address=await home(world.house),
    )
    await chen.done("say", order="somebody-s-own-order", text="When will it be here?")
    await day.skip_to(world.now + 5 * MINUTE)
    events = (await chen.order("somebody-s-own-order"))["events"]
    said = [one["body"]["text"] for one in events if one["type"] in ("message_sent", "answer_given")]
    assert said[0] == "When will it be here?"
    assert "promised time" in said[1]["en"]  # the system knows, and nobody says it again
    assert len(said) == 2
    await day.skip_to(world.now + 115 * MINUTE)
    assert world.orders["somebody-s-own-order"].status is Status.delivered


async def test_the_control_page(begin: Begin) -> None:
    day: Day = await begin()
    house = day.world.house
    async with plain_http(base_url=house.url) as http:
        assert (await http.get("/demo")).status_code == 404
        assert (await http.get("/api/demo")).status_code == 404
        house.info.demo = Control(day)
        await day.skip_to(day.world.now + 15 * MINUTE)
        assert "导演台" in (await http.get("/demo", headers={"accept-language": "zh-CN"})).text
        state = (await http.get("/api/demo")).json()
        assert state["speed"] == 0
        assert {"shop", "courier", "buyer"} == {one["role"] for one in state["people"]}
        zhang = next(one for one in state["people"] if one["name"] == "张师傅")
        assert zhang["doing"]["en"]
        taken = (await http.post("/api/demo", json={"take": zhang["person"]})).json()
        assert next(one for one in taken["people"] if one["name"] == "张师傅")["taken"]
        assert (await http.post("/api/demo", json={"speed": 20})).json()["speed"] == 20
        assert (await http.post("/api/demo", json={"speed": 0})).json()["speed"] == 0
        assert (await http.post("/api/demo", json={"speed": 61})).status_code == 422
        assert (await http.post("/api/demo", json={"take": "nobody"})).status_code == 404


async def test_another_sites_page_does_not_reach_the_controls(begin: Begin) -> None:
    day: Day = await begin()
    house = day.world.house
    house.info.demo = Control(day)
    async with plain_http(base_url=house.url) as http:
        foreign = {"origin": "https://elsewhere.example"}
        assert (await http.post("/api/demo", json={"speed": 5}, headers=foreign)).status_code == 403
        plain = {"content-type": "text/plain"}
        assert (await http.post("/api/demo", content='{"speed":5}', headers=plain)).status_code == 403
        own = {"origin": house.url}
        assert (await http.post("/api/demo", json={"speed": 0}, headers=own)).status_code == 200


def test_each_demo_begins_afresh_and_touches_no_other_database(tmp_path: Path) -> None:
    demo, other = tmp_path / "demo.db", tmp_path / "huaxin.db"
    for path in (demo, other, tmp_path / "demo.db-wal"):
        path.write_text("orders")
    put_away(Config(data=tmp_path, database=f"sqlite:///{demo}"))
    assert not demo.exists()
    assert not (tmp_path / "demo.db-wal").exists()
    assert (tmp_path / "demo.db.previous").read_text() == "orders"
    put_away(Config(data=tmp_path, database=f"sqlite:///{other}"))
    assert other.exists()
    assert demo_file(Config(data=tmp_path, database="postgresql://somebody@host/demo.db")) is None
    assert demo_file(Config(data=tmp_path / "a", database=f"sqlite:///{demo}")) is None
