"""RFC 6455 above the frame parser: messages from frames, and what must end a connection. No I/O.

The parser below (picows) checks opcodes, masks, lengths and fragmented control frames. Here: reserved
bits, order of fragments, total size, UTF-8 (each fragment at once, so bad text fails early), close codes.
"""

import codecs

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0, 1, 2, 8, 9, 10

NORMAL, GOING_AWAY, PROTOCOL_ERROR, INVALID_DATA, TOO_BIG = 1000, 1001, 1002, 1007, 1009

# What a peer may put into a close frame: the registered codes, libraries' and applications' ranges.
_REGISTERED = frozenset({1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014})

_new_decoder = codecs.getincrementaldecoder("utf-8")


class Violation(Exception):
    """The peer broke the protocol; the connection ends with `code`."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code, self.reason = code, reason


def is_valid_close_code(code: int) -> bool:
    return code in _REGISTERED or 3000 <= code < 5000


def check_utf8(payload: bytes) -> None:
    """Raises Violation when `payload` is not UTF-8. ASCII, the common case, is only scanned."""
    if not payload.isascii():
        try:
            payload.decode()
        except UnicodeDecodeError:
            raise Violation(INVALID_DATA, "invalid UTF-8") from None


class Assembler:
    """Messages of one connection from its data frames. Holds memory only inside a fragmented message."""

    __slots__ = ("_decoder", "_kind", "_limit", "_parts", "_size")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._parts: list[bytes] | None = None
        self._kind = 0
        self._size = 0
        self._decoder: codecs.IncrementalDecoder | None = None

    def take(self, opcode: int, fin: bool, payload: bytes) -> tuple[int, bytes] | None:
        """The (kind, message) that this data frame completes, or None. Raises Violation."""
        if self._parts is None:
            if opcode == CONTINUATION:
                raise Violation(PROTOCOL_ERROR, "continuation of nothing")
            if fin:
                if len(payload) > self._limit:
                    raise Violation(TOO_BIG, "message too big")
                if opcode == TEXT:
                    check_utf8(payload)
                return opcode, payload
            self._parts, self._kind, self._size = [], opcode, 0
            self._decoder = _new_decoder() if opcode == TEXT else None
        elif opcode != CONTINUATION:
            raise Violation(PROTOCOL_ERROR, "new message inside a fragmented one")
        return self._append(fin, payload)

    def _append(self, fin: bool, payload: bytes) -> tuple[int, bytes] | None:
        assert self._parts is not None
        self._size += len(payload)
        if self._size > self._limit:
            raise Violation(TOO_BIG, "message too big")
        if self._decoder is not None:
            try:
                self._decoder.decode(payload, fin)
            except UnicodeDecodeError:
                raise Violation(INVALID_DATA, "invalid UTF-8") from None
        if payload or not self._parts:  # a flood of empty fragments must not grow the list
            self._parts.append(payload)
        if not fin:
            return None
        message = b"".join(self._parts)
        self._parts = self._decoder = None
        return self._kind, message


def read_close(payload: bytes) -> tuple[int, str]:
    """The code to answer with, and the peer's reason. Raises Violation for an invalid close frame."""
    if not payload:
        return NORMAL, ""
    if len(payload) == 1:
        raise Violation(PROTOCOL_ERROR, "close payload of one byte")
    code = int.from_bytes(payload[:2], "big")
    if not is_valid_close_code(code):
        raise Violation(PROTOCOL_ERROR, "invalid close code")
    try:
        return code, payload[2:].decode()
    except UnicodeDecodeError:
        raise Violation(INVALID_DATA, "invalid UTF-8 in close reason") from None
