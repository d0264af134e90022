"""Every error as problem+json (RFC 9457): what happened, what is safe, what to do. Never a stack trace."""

import logging
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException

from huaxin.http.sentences import LANGUAGE_TAGS, find_sentence
from huaxin.people.model import Principal

log = logging.getLogger("huaxin.http")

TITLES = {
    400: "Bad request",
    401: "Not logged in",
    403: "Not allowed",
    404: "Not found",
    405: "Method not allowed",
    409: "Not possible now",
    410: "Gone",
    412: "Precondition failed",
    413: "Too large",
    415: "Unsupported media type",
    416: "Range not satisfiable",
    422: "Cannot be understood",
    429: "Too many requests",
    460: "Checksum mismatch",
    500: "Internal error",
    503: "Not available now",
    507: "No space left",
}
_HTTP_CODES = {
    400: "request.invalid",
    404: "http.not_found",
    405: "http.method_not_allowed",
    413: "http.too_large",
    415: "http.media_type",
    416: "http.range",
}
_STORE_STATUS = {"store.full": 507}


class Problem(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every answer that is not a success."""

    type: str  # urn:huaxin:problem:{code}
    title: str
    status: int
    detail: str  # a sentence for people, in their language
    code: str  # stable, for programs
    value: Any = None  # what was wrong, when one thing was


def language_of(request: Request[Any, Any, Any]) -> str:
    """The person's own language when we know who asks, else what the browser prefers."""
    principal = request.scope.get("huaxin_principal")
    if isinstance(principal, Principal) and principal.person:
        return principal.language
    return prefer_language(request.headers.get("accept-language", ""))


def prefer_language(header: str) -> str:
    """'zh-CN' or 'en' by an Accept-Language header; Chinese when it names neither."""
    best, weight = "zh-CN", 0.0
    for part in header.split(",")[:20]:
        tag, _, params = part.strip().partition(";")
        language = LANGUAGE_TAGS.get(tag.strip().lower().split("-")[0])
        try:
            quality = float(params.strip().removeprefix("q=")) if params else 1.0
        except ValueError:
            continue
        if language and quality > weight:
            best, weight = language, quality
    return best


def make_problem(
    status: int, code: str, sentence: str, value: Any, language: str, headers: dict[str, str] | None = None
) -> Response[bytes]:
    detail = (
        find_sentence(code, language, sentence if value is None else value)
        or sentence
        or TITLES.get(status, "Error")
    )
    body = Problem(
        type=f"urn:huaxin:problem:{code}",
        title=TITLES.get(status, "Error"),
        status=status,
        detail=detail,
        code=code,
        value=value,
    )
    extra = {"cache-control": "no-store", "content-language": language, **(headers or {})}
    wait_s = value.get("wait_s") if isinstance(value, dict) else None
    if wait_s is not None:
        extra["retry-after"] = str(wait_s)
    elif status == 503:
        extra["retry-after"] = "1"
    return Response(
        msgspec.json.encode(body, enc_hook=str),
        status_code=status,
        media_type="application/problem+json",
        headers=extra,
    )


def answer_problem(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """The one place where an exception becomes an answer."""
    language = language_of(request)
    if isinstance(error, HTTPException):
        status = error.status_code
        headers = {k: v for k, v in (error.headers or {}).items() if k.lower() in ("allow", "content-range")}
        code = _HTTP_CODES.get(status, "request.invalid" if status < 500 else "internal")
        value = request.url.path if status in (404, 405) else None
        return make_problem(status, code, "", value, language, headers)
    if isinstance(error, msgspec.ValidationError):
        return make_problem(422, "request.invalid", str(error), str(error), language)
    if isinstance(error, msgspec.DecodeError):
        return make_problem(400, "request.not_json", str(error), str(error), language)
    # Rejected and StoreError; other rooms' refusals have the same two words.
    refused, sentence = getattr(error, "code", None), getattr(error, "sentence", None)
    if isinstance(refused, str) and isinstance(sentence, str):
        status = getattr(error, "status", _STORE_STATUS.get(refused, 503))
        scheme = 'Basic realm="tracker"' if refused.startswith("tracker.") else "Bearer"
        headers = {"www-authenticate": scheme} if status == 401 else dict(getattr(error, "headers", {}))
        return make_problem(status, refused, sentence, getattr(error, "value", None), language, headers)
    log.error("%s %s failed", request.method, _without_secret(request.url.path), exc_info=error)
    return make_problem(500, "internal", "", None, language)


def _without_secret(path: str) -> str:
    """An address as it may stand in a log: who has that of a medium or of a guest's order may open it."""
    first = path.split("/")[1] if path.startswith("/") else ""
    return f"/{first}/…" if first in ("media", "o") else path
