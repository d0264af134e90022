"""Every setting of a Huaxin server, in one table: the class `Config` below.

Sources, later ones win: defaults < `huaxin.toml` < environment `HUAXIN_*` < command line flags. All of it is
checked at start, and everything that is wrong is told at once. `docs/configuration.md` is generated from it.
"""

import dataclasses
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from huaxin.config.checks import (
    Check,
    between,
    check_contact,
    check_database,
    check_host,
    check_media,
    check_origins,
    check_ports,
    check_public_url,
    check_secret,
    check_timezone,
    check_turn,
    one_of,
)

ENV_PREFIX = "HUAXIN_"


@dataclass(frozen=True, slots=True)
class About:
    """What the table says of one setting beside its name, type and default."""

    help: str
    example: str
    check: Check | None = None
    secret: bool = False
    shown_default: str = ""


@dataclass(frozen=True, slots=True)
class Config:
    """The settings in force. Made by `load_config`: paths absolute, `database` filled in."""

    data: Annotated[
        Path,
        About(
            "The folder for everything the server writes: database, cities, secret. "
            "Nothing is written elsewhere.",
            "/srv/huaxin",
        ),
    ] = Path("var")
    host: Annotated[
        str,
        About(
            "The address to listen on. 0.0.0.0 is every network of this machine, so that phones nearby "
            "can come; 127.0.0.1 is this machine alone.",
            "127.0.0.1",
            check_host,
        ),
    ] = "0.0.0.0"
    port: Annotated[
        int,
        About(
            "The one port for pages, API and live connections. 0 takes any free one.", "80", between(0, 65535)
        ),
    ] = 8765
    database: Annotated[
        str,
        About(
            "Where orders and conversations are kept: sqlite:///path/to/file.db or postgresql://user@host/name.",
            "postgresql://huaxin@localhost/huaxin",
            check_database,
            False,
            "a SQLite file in the data folder",
        ),
    ] = ""
    city: Annotated[
        str,
        About(
            "The city whose streets are used, by its id in `huaxin city list`.",
            "shanghai_center",
            None,
            False,
            "the project's own demo city",
        ),
    ] = ""
    public_url: Annotated[
        str,
        About(
            "The address people open in a browser, as written into links and QR codes.",
            "https://flowers.example",
            check_public_url,
            False,
            "this machine and the port",
        ),
    ] = ""
    endpoints: Annotated[
        tuple[str, ...],
        About(
            "Further addresses by which people reach this same server, separated by commas. "
            "When one does not answer, the screens go on by the next.",
            "https://two.flowers.example",
            check_origins,
        ),
    ] = ()
    ping_s: Annotated[
        int,
        About(
            "Seconds between two signs of life on every live connection. A line that died without a word is "
            "noticed about half as long after the next one.",
            "20",
            between(1, 60),
        ),
    ] = 8
    allowed_origins: Annotated[
        tuple[str, ...],
        About(
            "Other web origins whose pages may connect, separated by commas. "
            "The server's own pages always may.",
            "https://shop.example",
            check_origins,
        ),
    ] = ()
    secret: Annotated[
        str,
        About(
            "Signs tokens and guest links, at least 32 characters. Whoever changes it signs everyone out.",
            "(openssl rand -hex 32)",
            check_secret,
            True,
            "made once, kept in the data folder in the file `secret`",
        ),
    ] = ""
    media: Annotated[
        str,
        About(
            "Where pictures, voice messages, clips and files are kept: a folder, or s3://bucket/prefix. "
            "Uploads under way are always in the data folder.",
            "s3://huaxin-media",
            check_media,
            False,
            "the folder `media` in the data folder",
        ),
    ] = ""
    media_endpoint: Annotated[
        str,
        About(
            "The address of an S3-compatible server, for anything but Amazon's own.",
            "http://minio:9000",
            check_public_url,
        ),
    ] = ""
    media_region: Annotated[str, About("The bucket's region.", "cn-north-1")] = ""
    media_key: Annotated[
        str, About("The access key of the bucket. Without it the machine's own rights are used.", "AKIA…")
    ] = ""
    media_secret: Annotated[
        str, About("The secret that goes with the bucket's access key.", "wJalr…", None, True)
    ] = ""
    media_file_mb: Annotated[
        int, About("The largest file somebody may send, in MB.", "50", between(1, 2000))
    ] = 200
    media_day_mb: Annotated[
        int,
        About(
            "How much one person may send in a day, in MB; who came by a link, a third of it.",
            "300",
            between(1, 100_000),
        ),
    ] = 1000
    language: Annotated[
        str, About("The language of notices to people who have not chosen one.", "en", one_of("zh-CN", "en"))
    ] = "zh-CN"
    timezone: Annotated[
        str,
        About(
            "The time zone in which 「下午三点前」 and the times in notices are meant.",
            "Asia/Urumqi",
            check_timezone,
        ),
    ] = "Asia/Shanghai"
    log_level: Annotated[
        str,
        About(
            "How much the server tells on its standard error.",
            "debug",
            one_of("debug", "info", "warning", "error"),
        ),
    ] = "info"
    push_contact: Annotated[
        str,
        About(
            "Whom a push service may write to about this server: mailto: or https:. Shown to push services.",
            "mailto:owner@flowers.example",
            check_contact,
            False,
            "the public address when it is https",
        ),
    ] = ""
    push_local: Annotated[
        bool,
        About(
            "Allow push services inside this network and without HTTPS. For tests; never where others can "
            "sign in.",
            "true",
        ),
    ] = False
    staff_channels: Annotated[
        tuple[str, ...],
        About(
            "Group chats of the staff, told when nobody of the shop has read what matters: Apprise addresses "
            "(DingTalk, Feishu, WeCom and more), each for all shops or as shop-id=address for one.",
            "huaxin=dingtalk://secret@token",
            None,
            True,
        ),
    ] = ()
    text_sender: Annotated[
        str,
        About(
            "What carries notices to people who were not reached otherwise. terminal prints what would go "
            "out by SMS and WeChat on standard error, for development.",
            "terminal",
            one_of("none", "terminal"),
        ),
    ] = "none"
    turn: Annotated[
        str,
        About(
            "The relay by which calls work between networks: embedded starts coturn beside the server when "
            "it is installed; off; or the address of one that runs elsewhere.",
            "turn:turn.flowers.example:3478",
            check_turn,
        ),
    ] = "embedded"
    turn_secret: Annotated[
        str,
        About(
            "The secret shared with the relay (its static-auth-secret). Needed for one that runs elsewhere.",
            "(openssl rand -hex 32)",
            None,
            True,
            "made from the server's secret",
        ),
    ] = ""
    turn_host: Annotated[
        str,
        About(
            "The name or address by which devices reach the embedded relay.",
            "flowers.example",
            None,
            False,
            "the host of the public address, else this machine's own in its network",
        ),
    ] = ""
    turn_port: Annotated[
        int,
        About(
            "The port of the embedded relay, UDP and TCP. 0 takes any free one; behind a firewall name one.",
            "3478",
            between(0, 65535),
        ),
    ] = 0
    turn_ports: Annotated[
        str,
        About("The UDP ports the embedded relay may use for calls.", "49152-49999", check_ports),
    ] = "49152-65535"
    masked_calls: Annotated[
        str,
        About(
            "What connects telephone calls with hidden numbers. simulator lends numbers nobody has, for "
            "development.",
            "none",
            one_of("", "none", "simulator"),
            False,
            "simulator as long as login codes are printed, else none",
        ),
    ] = ""
    dev_code_sender: Annotated[
        bool,
        About(
            "Print one-time login codes on the server's standard error instead of sending them. "
            "Turn it off where others can read the log.",
            "false",
        ),
    ] = True


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    kind: Any
    default: Any
    about: About

    @property
    def env(self) -> str:
        return ENV_PREFIX + self.name.upper()

    @property
    def flag(self) -> str:
        return "--" + self.name.replace("_", "-")


def _read_table() -> dict[str, Setting]:
    hints = get_type_hints(Config, include_extras=True)
    rows = {}
    for row in dataclasses.fields(Config):
        hint = hints[row.name]
        assert get_origin(hint) is Annotated
        kind, about = get_args(hint)
        rows[row.name] = Setting(row.name, kind, row.default, about)
    return rows


SETTINGS: dict[str, Setting] = _read_table()


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `source` is where the value came from: a file, a variable or a flag."""

    source: str
    value: str
    sentence: str

    def __str__(self) -> str:
        shown = f" is {self.value!r}" if self.value else ""
        return f"{self.source}{shown}: {self.sentence}"


class ConfigError(Exception):
    """The settings cannot be used; `problems` has all that is wrong with them."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(map(str, problems)))
        self.problems = problems


def mask(row: Setting, value: Any) -> str:
    """A value as it may be shown: secrets and passwords hidden."""
    if row.about.secret:
        return "***" if value else ""
    text = ",".join(map(str, value)) if isinstance(value, tuple | list) else str(value)
    return re.sub(r"(://[^/:@]*):[^@]*@", r"\1:***@", text)
