"""Every command and every query as a route. The dispatcher is the one the gateway's rpc uses."""

import re
from typing import Any, Union, get_args, get_origin

import msgspec
from litestar import Response, get, post
from litestar.handlers import HTTPRouteHandler

from huaxin.http.reading import (
    AnyRequest,
    answer,
    find_principal,
    need_principal,
    path_part,
    read_body,
    read_device_at,
    read_json,
    read_key,
)
from huaxin.http.services import Services
from huaxin.journal.model import Rejected
from huaxin.people.model import Principal

_PAIR = re.compile(r"\s*(-?\d+(?:\.\d+)?)\s*,\s*(-?\d+(?:\.\d+)?)\s*")


def call_routes(services: Services) -> list[HTTPRouteHandler]:
    async def caller(request: AnyRequest, name: str) -> Principal:
        if name in services.public_queries:
            return await find_principal(request, services)
        return await need_principal(request, services)

    @post("/api/commands/{name:str}", status_code=200)
    async def command(request: AnyRequest) -> Response[bytes]:
        name = path_part(request, "name")
        if name not in services.commands:
            raise Rejected("command.unknown", "There is no such command.", name[:60], status=404)
        principal = await need_principal(request, services)
        key, body = read_key(request), await read_body(request, dict[str, Any])
        return answer(await services.dispatcher.run(principal, name, body, key, read_device_at(request)))

    @get("/api/queries/{name:str}")
    async def query(request: AnyRequest) -> Response[bytes]:
        name = path_part(request, "name")
        kind = find_query(services, name)
        principal = await caller(request, name)
        arguments = read_arguments(kind, dict(request.query_params.multi_items()))
        return answer(await services.dispatcher.run(principal, name, arguments, "", 0))

    @post("/api/queries/{name:str}", status_code=200)
    async def query_body(request: AnyRequest) -> Response[bytes]:
        name = path_part(request, "name")
        find_query(services, name)
        principal = await caller(request, name)
        body = await read_body(request, dict[str, Any])
        return answer(await services.dispatcher.run(principal, name, body, "", 0))

    return [command, query, query_body]


def find_query(services: Services, name: str) -> Any:
    """The type of a query's arguments, None when it has none. Raises Rejected query.unknown (404)."""
    if name not in services.queries:
        raise Rejected("query.unknown", "There is no such query.", name[:60], status=404)
    return services.queries[name][0]


def read_arguments(kind: Any, said: dict[str, str]) -> dict[str, Any]:
    """Query-string values as the types the query wants: numbers as they are written, a point as `lat,lon`,
    anything made of parts as JSON. Raises msgspec.ValidationError."""
    if kind is None:
        return {}
    values: dict[str, Any] = {}
    for one in msgspec.structs.fields(kind):
        text = said.get(one.encode_name)
        if text is not None:
            values[one.encode_name] = _part(text, one.type)
    typed = msgspec.convert(values, kind, strict=False)
    built = msgspec.to_builtins(typed)
    # Only what was said: the dispatcher knows the defaults.
    return {name: value for name, value in built.items() if name in values}


def _part(text: str, kind: Any) -> Any:
    structs = [one for one in _members(kind) if isinstance(one, type) and issubclass(one, msgspec.Struct)]
    pair = _PAIR.fullmatch(text)
    if pair and any({"lat", "lon"} <= set(one.__struct_fields__) for one in structs):
        return {"lat": float(pair[1]), "lon": float(pair[2])}
    if text[:1] in ("{", "[") and not any(one is str for one in _members(kind)):
        return read_json(text, object)
    return text


def _members(kind: Any) -> tuple[Any, ...]:
    """The types a value may have, without Annotated and unions around them."""
    if hasattr(kind, "__metadata__"):
        return _members(get_args(kind)[0])
    if get_origin(kind) is Union or type(kind).__name__ == "UnionType":
        return tuple(member for one in get_args(kind) for member in _members(one))
    return (kind,)
