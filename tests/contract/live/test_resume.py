"""Nothing lost, doubled or out of order across drops, restarts and nodes (JR, GW)."""

import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from huaxin.compose import House
from tests.contract.live.clients import Line
from tests.contract.live.conftest import LONG, until
from tests.house import log_in, open_house, place


async def test_a_dropped_session_resumes_where_it_was(house: House) -> None:
    li, owner = await log_in(house, "li"), await log_in(house, "owner")
    order = await place(li)
    line = await Line(li).open()
    ears = await line.listen(f"order:{order}")
    await owner.done("say", order=order, text="一")
    await until(lambda: ears.texts() == ["一"])
    transports = list(house.gateway.sessions)
    assert len(transports) == 1
    for session in transports:
        session.transport.ws.disconnect(False)  # type: ignore[attr-defined]
    for text in ("二", "三", "四"):
        await owner.done("say", order=order, text=text)
    await until(lambda: ears.texts() == ["一", "二", "三", "四"])
    assert ears.subscribed[-1].recovered
    await line.close()


async def test_a_restart_loses_nothing(data: Path) -> None:
    """The same database, another process's memory: state, conversation, sessions and cursors go on."""
    database = f"sqlite:///{data / secrets.token_hex(6)}.db"
    async with open_house(data, database=database) as first:
        li, owner, zhang = [await log_in(first, name) for name in ("li", "owner", "zhang")]
        order = await place(li)
        await owner.done("confirm_order", order=order)
        await owner.done("assign_courier", order=order, courier=zhang.person)
        line = await Line(li).open()
        ears = await line.listen(f"order:{order}")
        await owner.done("say", order=order, text="一", key="kept-the-first")
        await until(lambda: ears.texts() == ["一"])
        before = await li.order(order)
        port = first.server.port
    async with open_house(data, database=database, port=port) as second:
        owner.house = second
        after = await li.order(order)
        assert after["order"] == before["order"]
        assert [e["seq"] for e in after["events"]] == [e["seq"] for e in before["events"]]
        assert after["cursor"]["epoch"] == before["cursor"]["epoch"]
        repeated = await owner.done("say", order=order, text="一", key="kept-the-first")
        assert repeated["seq"] == before["events"][-1]["seq"]
        await owner.done("say", order=order, text="二")
        await until(lambda: ears.texts() == ["一", "二"])
        run = await zhang.ask("get_run", shop="huaxin")
        assert [stop["order"]["id"] for stop in run["stops"]] == [order]
        await line.close()


async def test_an_unknown_epoch_asks_for_a_fresh_snapshot(house: House) -> None:
    li = await log_in(house, "li")
    order = await place(li)
    line = await Line(li).open()
    subscription = line.client.new_subscription(f"order:{order}", recoverable=True)
    subscription._recover, subscription._offset, subscription._epoch = True, 1, "another"
    await subscription.subscribe()
    await subscription.ready(timeout=LONG)
    assert subscription._epoch == (await li.order(order))["cursor"]["epoch"]
    await line.close()


async def test_two_nodes_on_one_database(open_another: Callable[..., Any], postgres_server: Any) -> None:
    """What is written on one node is heard on the other, in order, and both write for one shop."""
    database = postgres_server.make_database()
    here, there = await open_another(database=database), await open_another(database=database)
    li, owner = await log_in(here, "li"), await log_in(there, "owner")
    order = await place(li)
    near, far = await Line(li).open(), await Line(owner).open()
    heard_near, heard_far = await near.listen(f"order:{order}"), await far.listen("shop:huaxin")
    said = []
    for n in range(12):
        line = (near, far)[n % 2]
        await line.call("say", command_id=f"n-{n}", order=order, text=f"{n}")
        said.append(f"{n}")
    await far.call("confirm_order", command_id="confirm-1", order=order)
    await until(lambda: heard_near.texts() == said and heard_far.texts() == said)
    await until(lambda: any("您的订单已确认" in notice for notice in heard_near.notices()))
    assert (await li.order(order))["order"]["status"] == "confirmed"
    await near.close()
    await far.close()


async def test_a_store_that_fails_at_the_end_does_not_keep_the_door_open(data: Path) -> None:
    """Sessions are told to come back and the store is closed, whatever fails before."""
    async with open_house(data) as house:
        li = await log_in(house, "li")
        line = await Line(li).open()

        async def fail() -> None:
            raise OSError("the disk is gone")

        house.tracking._save_now = fail  # type: ignore[method-assign]
        with pytest.raises(OSError, match="disk"):
            await house.stop(1.0)
        assert not house.gateway.sessions
        with pytest.raises(Exception):  # noqa: B017, PT011 (whatever a closed store says)
            await house.people.person(li.person)
        house.tracking._save_now = house.marks.flush  # type: ignore[method-assign]
        await line.close()
