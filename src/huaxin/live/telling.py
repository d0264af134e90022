"""Binds the room of notices to the house, and lets people see and end their own devices."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from huaxin.conversation.marks import Marks
from huaxin.gateway.gateway import Gateway
from huaxin.journal.journal import Journal
from huaxin.live.acts import Acts
from huaxin.live.clock import Clock, real_ms
from huaxin.live.orders import Orders, denied
from huaxin.live.queries import NoArgs
from huaxin.live.render import render
from huaxin.notify import commands as c
from huaxin.notify.channels import StaffSender, TextSender
from huaxin.notify.service import Needs, Notify, Settings
from huaxin.people.model import Principal
from huaxin.people.service import People
from huaxin.storage.port import Store


def make_notify(
    store: Store,
    journal: Journal,
    people: People,
    orders: Orders,
    marks: Marks,
    acts: Acts,
    clock: Clock,
    settings: Settings,
    texts: Sequence[TextSender] = (),
    staff: StaffSender | None = None,
) -> Notify:
    needs = Needs(
        db=store,
        journal=journal,
        people=people,
        find=orders.find,
        marks=marks.get,
        see=render,
        received=acts.raise_received,
        clock=clock,
        speed=lambda: clock.speed,
        real_ms=real_ms,
        public_url=lambda: acts.public_url(),
    )
    return Notify(needs, settings, texts, staff)


class Devices:
    """One's own devices: what is signed in, and ending it from another one."""

    def __init__(self, people: People, gateway: Gateway, notify: Notify) -> None:
        self._people, self._gateway, self._notify = people, gateway, notify

    async def list_devices(self, who: Principal, args: NoArgs) -> list[c.DeviceView]:
        """Seen last first. A guest sees the device it is on, not those of others with the same link."""
        online = {one.who.device for one in self._gateway.sessions if one.who.user == who.person}
        pushing = {one.device for one in await self._notify.store.subscriptions(who.person, real_ms())}
        return [
            c.DeviceView(
                id=one.id,
                name=one.name,
                created_at=one.created_at,
                last_seen=one.last_seen,
                current=one.current,
                online=one.id in online,
                pushes=one.id in pushing,
            )
            for one in await self._people.devices(who)
            if one.current or not who.guest_order
        ]

    async def sign_out_device(self, who: Principal, wish: c.SignOutDevice) -> dict[str, Any]:
        """Raises Rejected device.unknown (404), access.denied (403: a guest ends only itself)."""
        if who.guest_order and wish.device != who.device:
            raise denied("sign_out_device")
        await self._people.revoke_device(who, wish.device, "signed out from another device")
        await self._notify.reach.look(fresh=True)
        return {"device": wish.device}


def notice_acts(
    notify: Notify, devices: Devices
) -> dict[str, Callable[[Principal, Any], Awaitable[dict[str, Any]]]]:
    return {
        "add_push": notify.add_push,
        "remove_push": notify.remove_push,
        "try_push": notify.try_push,
        "set_notice_preferences": notify.set_notice_preferences,
        "sign_out_device": devices.sign_out_device,
    }


def notice_queries(notify: Notify, devices: Devices) -> dict[str, tuple[Any, Any, Any]]:
    return {
        "get_push_key": (NoArgs, c.PushKey, notify.get_push_key),
        "get_notice_preferences": (NoArgs, c.NoticeSettings, notify.get_notice_preferences),
        "list_devices": (NoArgs, list[c.DeviceView], devices.list_devices),
    }
