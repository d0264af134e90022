"""`huaxin user` and `huaxin shop`: people, shops and who works where."""

import argparse
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from huaxin.commands.common import (
    Commands,
    add_command,
    add_group,
    opened_store,
    print_table,
    read_config,
    run_async,
)
from huaxin.config import Config, add_flags

if TYPE_CHECKING:
    from huaxin.people.model import Person
    from huaxin.shops.model import Shop
    from huaxin.storage.port import Store

ROLES = ("owner", "florist", "dispatcher", "courier")
type Work = Callable[["Store", argparse.Namespace], Awaitable[None]]


def add(commands: Commands) -> None:
    _add_user(commands)
    _add_shop(commands)


def _add_user(commands: Commands) -> None:
    group = add_group(
        commands,
        "user",
        "Add and list people",
        "添加与列出用户",
        "huaxin user add 13800000001 --name 小张",
        "huaxin user list",
    )
    parser = add_command(
        group, "add", _run(_user_add), "Add a person", "添加用户", "huaxin user add 13800000001 --name 小张"
    )
    parser.add_argument("phone", metavar="PHONE", help="the phone number they log in with")
    parser.add_argument("--name", default="", metavar="NAME", help="what others call them")
    add_flags(parser, "data", "database")
    parser = add_command(group, "list", _run(_user_list), "List everyone", "列出用户", "huaxin user list")
    parser.add_argument(
        "--limit", type=int, default=500, metavar="N", help="at most so many, newest first (500)"
    )
    add_flags(parser, "data", "database")


def _add_shop(commands: Commands) -> None:
    group = add_group(
        commands,
        "shop",
        "Open shops and say who works there",
        "开店与人员管理",
        "huaxin shop add 花信花店 --owner 13800000001 --at 30.2500,120.0000",
        "huaxin shop staff add SHOP 13800000002 courier",
        "huaxin shop list",
    )
    parser = add_command(
        group,
        "add",
        _run(_shop_add),
        "Open a shop with its owner",
        "开一家店",
        "huaxin shop add 花信花店 --owner 13800000001 --owner-name 王店长 --at 30.2500,120.0000",
    )
    parser.add_argument("name", metavar="NAME", help="the shop's name")
    parser.add_argument("--name-en", default="", metavar="NAME", help="its name in English")
    parser.add_argument("--owner", required=True, metavar="PHONE", help="the owner's phone number")
    parser.add_argument("--owner-name", default="", metavar="NAME", help="the owner's name")
    parser.add_argument("--phone", default="", metavar="PHONE", help="the number buyers call")
    parser.add_argument("--at", type=_read_point, metavar="LAT,LON", help="where it stands, WGS-84 degrees")
    parser.add_argument(
        "--time-zone", default="Asia/Shanghai", metavar="ZONE", help="its time zone (Asia/Shanghai)"
    )
    parser.add_argument("--id", default="", metavar="ID", help="its id in links (else made up)")
    parser.add_argument("--empty", action="store_true", help="without the catalogue to start with")
    add_flags(parser, "data", "database")
    parser = add_command(group, "list", _run(_shop_list), "List the shops", "列出花店", "huaxin shop list")
    add_flags(parser, "data", "database")

    staff = add_group(
        group,
        "staff",
        "Who works in a shop",
        "店员管理",
        "huaxin shop staff add SHOP 13800000002 courier --name 小张",
        "huaxin shop staff remove SHOP 13800000002",
        "huaxin shop staff list SHOP",
    )
    parser = add_command(
        staff,
        "add",
        _run(_staff_add),
        "Give a person a role in a shop",
        "添加店员",
        "huaxin shop staff add SHOP 13800000002 courier --name 小张",
    )
    parser.add_argument("shop", metavar="SHOP", help="the shop's id in `huaxin shop list`")
    parser.add_argument("phone", metavar="PHONE", help="the phone number they log in with")
    parser.add_argument("role", choices=ROLES, help="what they do there")
    parser.add_argument("--name", default="", metavar="NAME", help="what others call them")
    add_flags(parser, "data", "database")
    parser = add_command(
        staff,
        "remove",
        _run(_staff_remove),
        "Take a person out of a shop, at once and on every device",
        "移除店员",
        "huaxin shop staff remove SHOP 13800000002",
    )
    parser.add_argument("shop", metavar="SHOP", help="the shop's id in `huaxin shop list`")
    parser.add_argument("phone", metavar="PHONE", help="their phone number")
    add_flags(parser, "data", "database")
    parser = add_command(
        staff,
        "list",
        _run(_staff_list),
        "List who works in a shop",
        "列出店员",
        "huaxin shop staff list SHOP",
    )
    parser.add_argument("shop", metavar="SHOP", help="the shop's id in `huaxin shop list`")
    add_flags(parser, "data", "database")


def _read_point(text: str) -> tuple[float, float]:
    """`LAT,LON` as two floats in range."""
    try:
        lat, lon = (float(part) for part in text.split(","))
    except ValueError:
        lat, lon = 91.0, 181.0
    if abs(lat) > 90 or abs(lon) > 180:
        raise argparse.ArgumentTypeError(f"{text!r}: give latitude and longitude, like 30.2500,120.0000")
    return lat, lon


def _run(work: Work) -> Callable[[argparse.Namespace], int]:
    """A command that works on the configured store."""

    async def run(config: Config, args: argparse.Namespace) -> int:
        async with opened_store(config) as store:
            await work(store, args)
        return 0

    return lambda args: run_async(run(read_config(args), args))


async def _user_add(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    person = await admin.add_user(store, args.phone, args.name)
    print(f"{_name(person)} can log in with {person.phone}")


async def _user_list(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    people = await admin.list_users(store, args.limit)
    print_table(("phone", "name", "language", "id"), [(p.phone, p.name, p.language, p.id) for p in people])


async def _shop_add(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    lat, lon = args.at or (None, None)
    shop = await admin.add_shop(
        store,
        args.name,
        args.owner,
        name_en=args.name_en,
        phone=args.phone,
        lat=lat,
        lon=lon,
        time_zone=args.time_zone,
        shop_id=args.id,
        owner_name=args.owner_name,
        with_catalogue=not args.empty,
    )
    print(f"{shop.name} is open as {shop.id}. Add people:  huaxin shop staff add {shop.id} PHONE courier")


async def _shop_list(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    rows = [(shop.id, shop.name, shop.name_en, _place(shop)) for shop in await admin.list_shops(store)]
    print_table(("id", "name", "English", "at"), rows)


async def _staff_add(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    member = await admin.add_staff(store, args.shop, args.phone, args.role, name=args.name)
    print(f"{_name(member.person)} is {member.role} of {member.shop}")


async def _staff_remove(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    await admin.remove_staff(store, args.shop, args.phone)
    print(f"{args.phone} no longer works in {args.shop}")


async def _staff_list(store: "Store", args: argparse.Namespace) -> None:
    from huaxin.people import admin

    members = await admin.list_staff(store, args.shop)
    print_table(("role", "name", "phone"), [(m.role, m.person.name, m.person.phone) for m in members])


def _name(person: "Person") -> str:
    return person.name or person.phone


def _place(shop: "Shop") -> str:
    return f"{shop.point.lat:.5f},{shop.point.lon:.5f}" if shop.point else "not set"
