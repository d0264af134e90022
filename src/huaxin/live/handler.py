"""The gateway's rpc door to the dispatcher."""

from collections.abc import Callable
from typing import Any

import msgspec

from huaxin.gateway.ports import Call, Identity, Refused
from huaxin.journal.model import Rejected
from huaxin.live.direct import CommandHead, read_head
from huaxin.live.dispatch import Dispatcher
from huaxin.live.lines import Key, LineCall, Lines
from huaxin.people.model import Principal
from huaxin.storage.port import StoreError

REFUSED = 1000  # the application's error: `message` is JSON {code, sentence, value, status}
TRY_AGAIN = 1001  # the same, temporary: send the command again with the same id
_MOST_BYTES = 1_000_000
_NOT_ALLOWED = 103


# (code, language, value) → what to tell a person, "" when only the refusal's own sentence is known.
FindSentence = Callable[[str, str, Any], str]


class GatewayHandler:
    """gateway.ports.Handler."""

    def __init__(self, dispatcher: Callable[[], Dispatcher], find_sentence: FindSentence) -> None:
        """`dispatcher` is asked for at the first call: it needs the hub, and the gateway needs this."""
        self._dispatcher, self._find_sentence = dispatcher, find_sentence
        self._lines = Lines()

    def begin(self, who: Identity, method: str, data: bytes, call: Call) -> bool:
        if len(data) > _MOST_BYTES:
            return False
        if b'"line":' in data:
            key = (who.client, _line_of(data))
            if self._lines.is_broken(key):
                return False
            call = LineCall(call, self._lines, key)
        return self._dispatcher().begin(who.claims, method, data, call)

    def reads(self, method: str) -> bool:
        return method in self._dispatcher().queries

    def explain(self, who: Identity, error: BaseException) -> Exception:
        if isinstance(error, StoreError):
            error = Rejected(error.code, error.sentence, status=503)
        if isinstance(error, Rejected):
            return self._refused(who, error)
        return error if isinstance(error, Exception) else RuntimeError(type(error).__name__)

    async def rpc(self, who: Identity, method: str, data: bytes) -> bytes:
        key: Key | None = None
        try:
            if len(data) > _MOST_BYTES:
                raise Rejected("request.too_large", "A request holds up to 1 MB.", len(data), status=413)
            try:
                head = read_head(data)
            except (msgspec.MsgspecError, UnicodeDecodeError):
                head = _guess_head(data)
            if head.line:
                key = (who.client, head.line)
                self._lines.check(key)
            answer = await self._dispatcher().run(who.claims, method, data, head.command_id, head.device_at)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
            raise self._refused(who, Rejected("request.invalid", str(wrong), status=422)) from wrong
        except Exception as failure:
            if key is not None:
                self._lines.failed(key, failure)
            said = self.explain(who, failure)
            if said is failure:
                raise
            raise said from failure
        return msgspec.json.encode(answer)

    async def publish(self, who: Identity, channel: str, data: bytes) -> None:
        raise Refused(_NOT_ALLOWED, "Facts are made by commands: use rpc.")

    def _refused(self, who: Identity, refusal: Rejected) -> Refused:
        principal: Principal = who.claims
        words = {
            "code": refusal.code,
            "sentence": self._find_sentence(refusal.code, principal.language, refusal.value)
            or refusal.sentence,
            "value": refusal.value,
            "status": refusal.status,
        }
        temporary = refusal.status in (429, 503)
        message = msgspec.json.encode(words).decode()
        return Refused(TRY_AGAIN if temporary else REFUSED, message, temporary=temporary)


def _line_of(data: bytes) -> str:
    try:
        return read_head(data).line
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return ""


def _guess_head(data: bytes) -> CommandHead:
    """Of what does not fit at once: an id that is no text. Raises Rejected, DecodeError."""
    fields: Any = msgspec.json.decode(data) if data else {}
    if not isinstance(fields, dict):
        raise Rejected("request.invalid", "Send an object.", status=422)
    device_at = fields.get("device_at")
    return CommandHead(str(fields.get("command_id", "")), device_at if isinstance(device_at, int) else 0)
