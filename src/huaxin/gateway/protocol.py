"""The Centrifuge client protocol, version 2, JSON. Bytes in, values out, and back; no I/O.

A message is one or more commands (from the client) or replies (from the server), each one line of JSON.
`data` stays raw: the gateway never looks into it.
"""

import functools
from collections.abc import Iterable, Mapping

import msgspec

from .codes import Disconnect, Error, Unsubscribe
from .ports import Publication

NO_DATA = msgspec.Raw(b"null")
PING = b"{}"
NEWLINE, RETURN = 10, 13  # as numbers: `10 in data` is twenty times faster than `b"\n" in data`
_json_string = msgspec.json.Encoder().encode


class Malformed(Exception):
    """The bytes are not commands of this protocol."""


NOT_COMMANDS = (Malformed, msgspec.DecodeError, UnicodeDecodeError)


class SubscribeRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""
    token: str = ""
    recover: bool = False
    epoch: str = ""
    offset: int = 0
    data: msgspec.Raw | None = None
    flag: int = 0


class ConnectRequest(msgspec.Struct, frozen=True, gc=False):
    token: str = ""
    data: msgspec.Raw | None = None
    name: str = ""
    version: str = ""


class UnsubscribeRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""


class PublishRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""
    data: msgspec.Raw = NO_DATA


class PresenceRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""


class PresenceStatsRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""


class StreamPosition(msgspec.Struct, frozen=True):
    offset: int = 0
    epoch: str = ""


class HistoryRequest(msgspec.Struct, frozen=True):
    channel: str = ""
    limit: int = 0  # 0: only the position; -1: as many as the server allows
    since: StreamPosition | None = None
    reverse: bool = False


class PingRequest(msgspec.Struct, frozen=True, gc=False):
    pass


class SendRequest(msgspec.Struct, frozen=True, gc=False):
    data: msgspec.Raw = NO_DATA


class RPCRequest(msgspec.Struct, frozen=True, gc=False):
    data: msgspec.Raw = NO_DATA
    method: str = ""


class RefreshRequest(msgspec.Struct, frozen=True, gc=False):
    token: str = ""


class SubRefreshRequest(msgspec.Struct, frozen=True, gc=False):
    channel: str = ""
    token: str = ""


Request = (
    ConnectRequest
    | SubscribeRequest
    | UnsubscribeRequest
    | PublishRequest
    | PresenceRequest
    | PresenceStatsRequest
    | HistoryRequest
    | PingRequest
    | SendRequest
    | RPCRequest
    | RefreshRequest
    | SubRefreshRequest
)


class Command(msgspec.Struct, frozen=True, gc=False):
    """One command. At most one request is set; none with id 0 is a pong, none with an id is unknown."""

    id: int = 0
    rpc: RPCRequest | None = None
    publish: PublishRequest | None = None
    send: SendRequest | None = None
    connect: ConnectRequest | None = None
    subscribe: SubscribeRequest | None = None
    unsubscribe: UnsubscribeRequest | None = None
    presence: PresenceRequest | None = None
    presence_stats: PresenceStatsRequest | None = None
    history: HistoryRequest | None = None
    ping: PingRequest | None = None
    refresh: RefreshRequest | None = None
    sub_refresh: SubRefreshRequest | None = None

    @property
    def request(self) -> Request | None:
        for name in _REQUESTS:
            value: Request | None = getattr(self, name)
            if value is not None:
                return value
        return None


_REQUESTS = tuple(name for name in Command.__struct_fields__ if name != "id")
decode_command = msgspec.json.Decoder(Command).decode  # one line; raises what NOT_COMMANDS lists


def decode_commands(message: bytes) -> list[Command]:
    """All commands of one message.

    Raises Malformed for anything that is not lines of valid commands. Blank lines carry nothing.
    """
    try:
        if NEWLINE not in message:
            return [decode_command(message)]
        return [decode_command(line) for line in message.split(b"\n") if line.strip()]
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from None


class Emulated(msgspec.Struct, frozen=True):
    """The body of POST /emulation: what a client of a one-way transport wants to say."""

    session: str = ""
    node: str = ""
    data: str = ""


def decode_emulated(body: bytes) -> Emulated:
    try:
        return msgspec.json.decode(body, type=Emulated)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Malformed(str(error)) from None


def encode_string(text: str) -> bytes:
    """`text` as a JSON string, quotes included."""
    return _json_string(text)


def put_on_one_line(data: bytes) -> bytes:
    """Raw JSON without line breaks, which would end a reply early. Costs nothing when there are none."""
    if NEWLINE in data or RETURN in data:
        return msgspec.json.format(data, indent=-1)
    return data


# -- replies ---------------------------------------------------------------------------------------


def encode_result(id: int, method: str, body: bytes = b"{}") -> bytes:
    return b'{"id":%d,"%b":%b}' % (id, method.encode(), body)


def encode_error(id: int, error: Error) -> bytes:
    tail = b',"temporary":true}}' if error.temporary else b"}}"
    return b'{"id":%d,"error":{"code":%d,"message":%b%b' % (id, error.code, _json_string(error.message), tail)


class ConnectResult(msgspec.Struct, omit_defaults=True, kw_only=True):
    client: str
    version: str
    ping: int
    pong: bool
    expires: bool = False
    ttl: int = 0
    session: str = ""
    node: str = ""


class SubscribeResult(msgspec.Struct, omit_defaults=True, kw_only=True):
    expires: bool = False
    ttl: int = 0
    recoverable: bool = False
    positioned: bool = False
    epoch: str = ""
    offset: int = 0
    recovered: bool = False
    was_recovering: bool = False
    publications: list[msgspec.Raw] = []


class RefreshResult(msgspec.Struct, omit_defaults=True, kw_only=True):
    client: str = ""
    version: str = ""
    expires: bool = False
    ttl: int = 0


class HistoryResult(msgspec.Struct, kw_only=True):
    publications: list[msgspec.Raw]
    epoch: str
    offset: int


class PresenceStats(msgspec.Struct, kw_only=True):
    num_clients: int
    num_users: int


encode_body = msgspec.json.Encoder().encode


@functools.lru_cache(maxsize=4096)
def encode_info(user: str, client: str, info: bytes | None) -> bytes:
    """A ClientInfo: who is there. `info` is raw JSON."""
    head = b'{"user":%b,"client":%b' % (_json_string(user), _json_string(client))
    return head + b"}" if info is None else head + b',"conn_info":' + put_on_one_line(info) + b"}"


def encode_presence(entries: Mapping[str, bytes]) -> bytes:
    body = b",".join(_json_string(client) + b":" + info for client, info in entries.items())
    return b'{"presence":{' + body + b"}}"


def encode_publication(publication: Publication) -> bytes:
    """One publication as it stands inside pushes, subscribe and history results."""
    body = b'{"data":' + put_on_one_line(publication.data)
    if publication.info is not None:
        body += b',"info":' + publication.info
    if publication.offset:
        body += b',"offset":%d' % publication.offset
    return body + b"}"


def wrap_publications(publications: Iterable[Publication]) -> list[msgspec.Raw]:
    return [msgspec.Raw(encode_publication(p)) for p in publications]


# -- pushes ----------------------------------------------------------------------------------------


def encode_push_head(channel: str) -> bytes:
    """What every push of a channel starts with; the hub keeps it per channel."""
    return b'{"push":{"channel":' + _json_string(channel) + b","


def encode_pub_push(head: bytes, data: bytes, offset: int, info: bytes | None) -> bytes:
    """A publication push. `head` comes from `encode_push_head`; an offset of 0 is left out (a signal)."""
    if NEWLINE in data or RETURN in data:
        data = put_on_one_line(data)
    if info is not None:
        data += b',"info":' + info
    if offset:
        return b'%b"pub":{"data":%b,"offset":%d}}}' % (head, data, offset)
    return b'%b"pub":{"data":%b}}}' % (head, data)


def encode_join_push(head: bytes, info: bytes) -> bytes:
    return head + b'"join":{"info":' + info + b"}}}"


def encode_leave_push(head: bytes, info: bytes) -> bytes:
    return head + b'"leave":{"info":' + info + b"}}}"


def encode_unsubscribe_push(channel: str, why: Unsubscribe) -> bytes:
    body = b'"unsubscribe":{"code":%d,"reason":%b}}}' % (why.code, _json_string(why.reason))
    return encode_push_head(channel) + body


def encode_disconnect_push(why: Disconnect) -> bytes:
    """For transports without close codes (SSE, HTTP streaming)."""
    reconnect = b',"reconnect":true' if why.reconnect else b""
    reason = _json_string(why.reason)
    return b'{"push":{"disconnect":{"code":%d,"reason":%b%b}}}' % (why.code, reason, reconnect)
