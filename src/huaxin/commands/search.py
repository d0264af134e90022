"""`huaxin search rebuild`: the index of what can be searched, made anew from the journal."""

import argparse

from huaxin.commands.common import Commands, add_command, add_group, opened_store, read_config, run_async
from huaxin.config import Config, add_flags


def add(commands: Commands) -> None:
    group = add_group(
        commands,
        "search",
        "Look after the search index",
        "维护搜索索引",
        "huaxin search rebuild",
        "huaxin search rebuild SHOP",
    )
    parser = add_command(
        group,
        "rebuild",
        run_rebuild,
        "Make the index anew from the journal; the server may run meanwhile",
        "从日志重建索引，服务器可以继续运行",
        "huaxin search rebuild",
    )
    parser.add_argument("shop", nargs="?", default="", metavar="SHOP", help="one shop's id; else all of them")
    add_flags(parser, "data", "database")


def run_rebuild(args: argparse.Namespace) -> int:
    run_async(_rebuild(read_config(args), args.shop))
    return 0


async def _rebuild(config: Config, wanted: str) -> None:
    from huaxin.journal.journal import Journal
    from huaxin.live.clock import Clock
    from huaxin.live.rules import HuaxinRules
    from huaxin.search.follower import Follower
    from huaxin.search.index import open_index
    from huaxin.shops.store import ShopStore

    async with opened_store(config) as store:
        dialect = "postgres" if config.database.startswith("postgres") else "sqlite"
        journal = Journal(store, HuaxinRules(), Clock())
        follower = Follower(journal, store, open_index(store, dialect))
        shops = [await ShopStore(store).get(wanted)] if wanted else await ShopStore(store).all()
        for shop in shops:
            print(f"{shop.id}: {await follower.rebuild(shop.id)} events read")
        await journal.drain()
