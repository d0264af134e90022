"""`huaxin config`, `huaxin backup` and `huaxin version`: looking after a server."""

import argparse
import json
from pathlib import Path

from huaxin.commands.common import Commands, add_command, opened_store, read_config, run_async
from huaxin.config import Config, add_flags, load_config


def add(commands: Commands) -> None:
    parser = add_command(
        commands,
        "config",
        run_config,
        "Show the settings in force and where each came from",
        "显示当前设置及其来源",
        "huaxin config",
        "HUAXIN_PORT=9000 huaxin config",
        "huaxin config --markdown > docs/configuration.md",
    )
    parser.add_argument("--markdown", action="store_true", help="print the page about every setting instead")
    add_flags(parser)
    parser = add_command(
        commands,
        "backup",
        run_backup,
        "Copy the database while the server runs",
        "在线备份数据库",
        "huaxin backup /backups/huaxin-monday.db",
    )
    parser.add_argument("target", metavar="TARGET", help="the file to write; it must not be there yet")
    add_flags(parser, "data", "database")
    parser = add_command(commands, "version", run_version, "Show the version", "显示版本", "huaxin version")
    parser.add_argument("--json", action="store_true", help="for programs")


def run_config(args: argparse.Namespace) -> int:
    from huaxin.config.show import render_effective, render_markdown

    if args.markdown:
        print(render_markdown(), end="")
    else:
        print(render_effective(load_config(args)))
    return 0


def run_backup(args: argparse.Namespace) -> int:
    config = read_config(args)
    run_async(_backup(config, args.target))
    file = Path(args.target)
    size = f", {file.stat().st_size / 1e6:.1f} MB" if file.is_file() else ""
    print(f"{args.target}{size}: complete up to this moment")
    where = config.media or str(config.data / "media" / "made")
    print(f"Pictures, voice messages and files are not in it. Copy them after it, from {where}")
    return 0


async def _backup(config: Config, target: str) -> None:
    async with opened_store(config) as store:
        await store.backup(target)


def run_version(args: argparse.Namespace) -> int:
    import platform

    from huaxin import __version__

    facts = {
        "huaxin": __version__,
        "python": platform.python_version(),
        "system": platform.platform(terse=True),
    }
    print(json.dumps(facts) if args.json else "\n".join(f"{name} {value}" for name, value in facts.items()))
    return 0
