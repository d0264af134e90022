"""The relay's credentials and configuration, and signals in pieces: docs/spec/calls.md."""

import base64
import hashlib
import hmac
import stat
from pathlib import Path
from typing import Any

import pytest

from huaxin.compose_calls import Calls, make_plan, secret_of
from huaxin.config import Config
from huaxin.storage.postgres.signals import Pieces, in_pieces
from huaxin.turn.coturn import Coturn, Plan, free_port
from huaxin.turn.credentials import make_credentials
from huaxin.turn.relay import NOT_INSTALLED, NOT_STARTED, Address, Relay, parse_address

SECRET = "a secret only for tests, long enough"


def test_credentials_are_those_of_the_turn_rest_scheme() -> None:
    """CA-17: username <expiry>:<user>, password base64(HMAC-SHA1)."""
    made = make_credentials("s3cret", "ab12", 1_800_000_000)
    assert made.username == "1800000600:ab12"
    expected = hmac.new(b"s3cret", b"1800000600:ab12", hashlib.sha1).digest()
    assert base64.b64decode(made.password) == expected


def test_devices_get_the_relay_by_both_ways_and_no_name_in_it() -> None:
    """CA-17."""
    relay = Relay("s3cret", lambda: 1_800_000_000)
    none = relay.servers_for("p-li")
    assert (none.relay, none.ice_servers, none.words) == (False, [], NOT_STARTED)
    relay.at = Address("turn", "192.168.1.5", 3478)
    found = relay.servers_for("p-li")
    assert found.relay is True
    assert found.expires_at == 1_800_000_600_000
    stun, turn = found.ice_servers
    assert stun.urls == ["stun:192.168.1.5:3478"]
    assert turn.urls == ["turn:192.168.1.5:3478?transport=udp", "turn:192.168.1.5:3478?transport=tcp"]
    assert "p-li" not in turn.username


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("turn:turn.example:3479", Address("turn", "turn.example", 3479)),
        ("turns:turn.example", Address("turns", "turn.example", 5349)),
        ("turn:[::1]:3478", Address("turn", "::1", 3478)),
        ("embedded", None),
        ("turn:", None),
        ("turn:a:99999", None),
    ],
)
def test_addresses_of_relays(value: str, found: Address | None) -> None:
    assert parse_address(value) == found


def test_the_secret_stands_in_a_file_for_this_user_alone(tmp_path: Path) -> None:
    """CA-18, CA-19."""
    plan = Plan(
        folder=tmp_path / "turn", secret="very-secret", listen=["203.0.113.7"], port=3478, public=True
    )
    coturn = Coturn(plan)
    coturn._write()
    file = tmp_path / "turn" / "turnserver.conf"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    lines = file.read_text().splitlines()
    for wanted in (
        "static-auth-secret=very-secret",
        "use-auth-secret",
        "denied-peer-ip=10.0.0.0-10.255.255.255",
        "allowed-peer-ip=203.0.113.7",
        "no-cli",
    ):
        assert wanted in lines
    assert "allow-loopback-peers" not in lines
    (tmp_path / "turn" / "turnserver.log").write_text("0: ERROR: very-secret is wrong\n")
    assert coturn._last_words() == "0: ERROR: *** is wrong"


def test_the_plan_follows_the_settings(tmp_path: Path) -> None:
    """CA-18: alone on its machine the relay leads to it; with a name of its own it listens everywhere."""
    config = Config(data=tmp_path, host="127.0.0.1", port=1, secret=SECRET)
    plan, host = make_plan(config)
    assert (host, tuple(plan.listen), plan.loopback, plan.public) == (
        "127.0.0.1",
        ("127.0.0.1",),
        True,
        False,
    )
    assert plan.secret == secret_of(config) != SECRET
    named = Config(
        data=tmp_path, secret=SECRET, turn_host="127.0.0.1", turn_ports="50000-50100", turn_port=3478
    )
    plan, host = make_plan(named)
    assert (host, tuple(plan.listen), plan.external) == ("127.0.0.1", (), "")
    assert (plan.port, plan.ports) == (3478, (50_000, 50_100))


async def test_what_is_missing_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """CA-18: at the start, and to devices."""
    monkeypatch.setattr(Coturn, "command", staticmethod(lambda: ""))
    nobody: Any = None
    calls = Calls(Config(data=tmp_path, secret=SECRET), nobody, nobody, Relay(SECRET))
    assert await calls.start_relay() == NOT_INSTALLED
    assert calls.relay.servers_for("p-li").words == NOT_INSTALLED
    elsewhere = Config(data=tmp_path, secret=SECRET, turn="turn:turn.example:3478", turn_secret="shared")
    relay = Relay("shared")
    relay.at = parse_address(elsewhere.turn)
    assert await Calls(elsewhere, nobody, nobody, relay).start_relay() is None
    assert relay.servers_for("p-li").relay is True


def test_a_free_port_is_one() -> None:
    assert 1024 <= free_port("127.0.0.1") <= 65_535


def test_long_signals_travel_in_pieces_and_come_together_again() -> None:
    """CA-16: NOTIFY takes 8,000 bytes."""
    data = '{"data":"' + "候选" * 4_000 + '"}'
    payloads = in_pieces("node-a", "p-li", data)
    assert len(payloads) > 1
    assert all(len(one.encode()) < 8_000 for one in payloads)
    pieces = Pieces()
    assert [pieces.take(one, "node-b") for one in payloads] == [None] * (len(payloads) - 1) + [
        ("p-li", data.encode())
    ]
    assert [pieces.take(one, "node-a") for one in payloads] == [None] * len(payloads)
    lost = in_pieces("node-a", "p-li", data)
    assert [pieces.take(one, "node-b") for one in lost[1:]] == [None] * (len(lost) - 1)
    assert pieces.take(in_pieces("node-a", "p-li", "{}")[0], "node-b") == ("p-li", b"{}")
