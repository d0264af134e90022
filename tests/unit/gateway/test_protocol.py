"""Bytes in, values out. Rules: docs/spec/gateway.md."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from huaxin.gateway import codes, protocol
from huaxin.gateway.ports import Publication
from huaxin.gateway.protocol import Malformed, decode_commands

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)


def test_a_message_is_lines_of_commands() -> None:
    """GW-3: blank lines carry nothing; order is kept; an empty object is a pong."""
    batch = decode_commands(b'{"id":1,"ping":{}}\n\n{}\n{"id":2,"rpc":{"method":"m","data":[1]}}\n')
    assert [c.id for c in batch] == [1, 0, 2]
    assert batch[1].request is None
    assert batch[2].rpc is not None
    assert bytes(batch[2].rpc.data) == b"[1]"


@pytest.mark.parametrize(
    "message", [b"", b"null", b"5", b"{", b'{"id":-"}', b'{"id":1.5}', b'{"rpc":{"data":}}', b"\xff"]
)
def test_other_bytes_are_malformed(message: bytes) -> None:
    """GW-3."""
    with pytest.raises(Malformed):
        decode_commands(message)


@given(st.binary(max_size=200))
def test_no_bytes_break_the_decoder(message: bytes) -> None:
    """GW-3: commands or Malformed, nothing else."""
    with contextlib.suppress(Malformed):
        decode_commands(message)


@given(JSON, st.integers(0, 2**53), st.text(max_size=30))
def test_publications_survive_the_wire(data: object, offset: int, channel: str) -> None:
    """GW-20: data, offset and channel come out as they went in, on one line."""
    head = protocol.encode_push_head(channel)
    pretty = json.dumps(data, indent=1).encode()
    push = protocol.encode_pub_push(head, pretty, offset, None)
    assert b"\n" not in push
    pub = json.loads(push)["push"]
    assert pub["channel"] == channel
    assert pub["pub"]["data"] == data
    assert pub["pub"].get("offset", 0) == offset


def test_replies_are_the_protocol_s() -> None:
    """GW-22."""
    info = protocol.encode_info("ann", "c1", b'{"name":"\xe5\xae\x89"}')
    assert json.loads(info) == {"user": "ann", "client": "c1", "conn_info": {"name": "安"}}
    error = json.loads(protocol.encode_error(7, codes.TOO_MANY_REQUESTS))
    assert error == {"id": 7, "error": {"code": 111, "message": "too many requests", "temporary": True}}
    bye = json.loads(protocol.encode_disconnect_push(codes.SHUTDOWN))
    assert bye == {"push": {"disconnect": {"code": 3001, "reason": "shutdown", "reconnect": True}}}
    left = json.loads(protocol.encode_unsubscribe_push("a", codes.RESUBSCRIBE))
    assert left == {"push": {"channel": "a", "unsubscribe": {"code": 2500, "reason": "insufficient state"}}}
    publication = protocol.encode_publication(Publication(data=b"1", offset=3, info=info))
    assert json.loads(publication)["offset"] == 3


def test_codes_say_whether_to_come_back() -> None:
    """GW-5: ranges decide, as clients decide."""
    assert codes.SLOW.reconnect
    assert codes.SHUTDOWN.reconnect
    assert not codes.BAD_COMMAND.reconnect
    assert not codes.Disconnect(4500, "").reconnect
    assert codes.Disconnect(4000, "").reconnect
    assert codes.RESUBSCRIBE.resubscribe
    assert not codes.BY_SERVER.resubscribe
    for kind in (codes.get_errors(), codes.get_disconnects(), codes.get_unsubscribes()):
        numbers = [entry[0] for entry in kind]
        assert len(numbers) == len(set(numbers))


def test_the_table_in_the_rules_is_the_code_s() -> None:
    """GW-5: docs/spec/gateway.md shows the very table of codes.py."""
    from pathlib import Path

    spec = Path(__file__).parents[3] / "docs" / "spec" / "gateway.md"
    assert codes.render_table() in spec.read_text(encoding="utf-8")
