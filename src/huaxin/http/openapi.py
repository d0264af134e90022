"""The OpenAPI 3.1 document, made from the same msgspec types that decode the requests."""

from typing import Any

import msgspec

from huaxin.http.examples import EXAMPLES
from huaxin.http.login import CodeWish, Done, GuestWish, LoginWish, RefreshWish
from huaxin.http.problems import Problem
from huaxin.http.services import Services
from huaxin.kernel import Point
from huaxin.live.views import Me, ShopView, Tokens
from huaxin.people.model import CodeSent, Device

# Filled in by the server before the decision (orders/commands.py): no client needs to know them.
SERVER_FIELDS = {
    "PlaceOrder": {"number", "buyer", "priced", "shop_name", "time_zone"},
    "AssignCourier": {"courier_name", "courier_phone"},
    "PickUp": {"eta_at", "gates", "receipt_code"},
    "MarkReady": {"gates"},
    "ShowBouquet": {"gates"},
    "Deliver": {"gates"},
    "SendMedia": {"attachments"},
    "Ring": {"hindered", "ring_ms"},
    "InviteToCall": {"hindered", "ring_ms"},
    "DeclineCall": {"crew"},
}
_REF = "#/components/schemas/{name}"
_ERRORS = {
    "400": "The body is not JSON",
    "401": "No token, or one that is over",
    "403": "Not yours to do",
    "404": "No such thing, or not yours to see",
    "409": "Not possible now; nothing was changed",
    "413": "Larger than 1 MB",
    "422": "Cannot be understood",
    "429": "Too many tries, or too fast: see Retry-After",
    "503": "Not available now; nothing was changed",
}
_INTRO = """Every order is a conversation. What the screens do over the gateway's rpc can be done here by the
same names, with the same answers.

- **Who**: log in with a phone number and a one-time code, send `Authorization: Bearer {access}`.
- **Commands** need an `Idempotency-Key`; a repeat with the same key returns the first answer, however late.
- **Errors** are `application/problem+json` with a stable `code`, a sentence in the reader's language and,
where one thing was wrong, its `value`.
- Times are ms since 1970, money is fen, positions are WGS-84."""


class CommandAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Where in the shop's journal it was written. Stored durably before this is answered."""

    shop: str
    seq: int
    at: int  # ms since 1970


class OrderAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """Nothing was written to the journal: signals and marks are not events."""

    order: str


class PositionsAnswer(msgspec.Struct, frozen=True, kw_only=True):
    accepted: int
    rejected: int


class LinkAnswer(msgspec.Struct, frozen=True, kw_only=True):
    url: str
    expires_at: int  # ms since 1970


class LinksEnded(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    ended: int


class LanguageAnswer(msgspec.Struct, frozen=True, kw_only=True):
    language: str


class NameAnswer(msgspec.Struct, frozen=True, kw_only=True):
    name: str


class MuteAnswer(msgspec.Struct, frozen=True, kw_only=True):
    order: str
    muted: bool


class ShopAnswer(msgspec.Struct, frozen=True, kw_only=True):
    shop: str


class ProductAnswer(msgspec.Struct, frozen=True, kw_only=True):
    shop: str
    product: str


class StockOutAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """`job` "": nothing is proposed, the stem is only out."""

    shop: str
    job: str
    orders: int


class TrackerAnswer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The password is told here and never again."""

    tracker: str
    courier: str = ""
    password: str = ""


# Commands that make no event answer something else.
ANSWERS: dict[str, Any] = {
    "mark": OrderAnswer,
    "type": OrderAnswer,
    "report_positions": PositionsAnswer,
    "create_guest_link": LinkAnswer,
    "revoke_guest_link": LinksEnded,
    "set_language": LanguageAnswer,
    "set_name": NameAnswer,
    "mute_order": MuteAnswer,
    "set_retention": ShopAnswer,
    "set_gates": ShopAnswer,
    "set_change_fees": ShopAnswer,
    "set_ring": ShopAnswer,
    "put_product": ProductAnswer,
    "rank_products": ShopAnswer,
    "report_stock_out": StockOutAnswer,
    "stem_back": ShopAnswer,
    "create_tracker": TrackerAnswer,
    "revoke_tracker": TrackerAnswer,
}


class DemoLogin(msgspec.Struct, frozen=True, kw_only=True):
    role: str
    name: str
    phone: str


class CityInfo(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    name_en: str
    bbox: list[float]  # west, south, east, north
    center: Point
    attribution: str
    tiles: str  # address of the basemap (PMTiles)


class Info(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    version: str
    now: int  # ms since 1970, by the shop's clock (the demo's day may run faster)
    speed: float  # 1: real time
    time_zone: str
    demo: bool
    shops: list[ShopView]
    city: CityInfo
    endpoints: list[str] = []  # further addresses of this server, when one does not answer
    demo_logins: list[DemoLogin] = []


def make_document(services: Services) -> dict[str, Any]:
    """The whole document as plain values, ready for JSON."""
    schemas = _Schemas(services)
    paths: dict[str, Any] = {}
    _login_paths(paths, schemas)
    for name, kind in services.commands.items():
        given = services.command_answers.get(name) or ANSWERS.get(name, CommandAnswer)
        paths[f"/api/commands/{name}"] = {"post": _command(schemas, name, kind, given)}
    for name, (kind, given) in services.queries.items():
        public = name in services.public_queries
        paths[f"/api/queries/{name}"] = _query(schemas, name, kind, given, public)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Huaxin 花信",
            "version": services.version,
            "description": _INTRO,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/"}],
        "tags": [
            {"name": "login", "description": "Phone, code, tokens, guests, devices"},
            {"name": "commands", "description": "Wishes in the imperative; each is done once"},
            {"name": "queries", "description": "What is true now, as far as the one who asks may see it"},
        ],
        "paths": paths,
        "components": {
            # Through JSON: a default may be a tuple, which is no array to whoever reads this as values.
            "schemas": msgspec.json.decode(msgspec.json.encode(schemas.components)),
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}},
        },
    }


class _Schemas:
    """Every type by its reference; one call, so that each is written once."""

    def __init__(self, services: Services) -> None:
        kinds: list[Any] = [Problem, CommandAnswer, CodeWish, CodeSent, LoginWish, RefreshWish, GuestWish]
        kinds += [Tokens, Me, Done, list[Device], Info]
        kinds += [*services.commands.values(), *services.command_answers.values(), *ANSWERS.values()]
        kinds += [one for pair in services.queries.values() for one in pair if one is not None]
        # A type may be there twice; unions and lists are not hashable by everyone, so by their words.
        unique = list({repr(kind): kind for kind in kinds}.values())
        found, self.components = msgspec.json.schema_components(unique, ref_template=_REF)
        self._refs = {repr(kind): schema for kind, schema in zip(unique, found, strict=True)}
        for schema in self.components.values():
            _without_tag(schema)
        for name, hidden in SERVER_FIELDS.items():
            schema = self.components.get(name, {})
            for one in hidden & set(schema.get("properties", {})):
                del schema["properties"][one]

    def ref(self, kind: Any) -> dict[str, Any]:
        found: dict[str, Any] = self._refs[repr(kind)]
        return found

    def properties(self, kind: Any) -> tuple[dict[str, Any], list[str]]:
        schema = self.components[kind.__name__]
        return schema.get("properties", {}), schema.get("required", [])


def _without_tag(schema: dict[str, Any]) -> None:
    """The route names the command already: its tag is neither needed nor shown."""
    properties = schema.get("properties", {})
    if "command" in properties and "enum" in properties["command"]:
        del properties["command"]
        schema["required"] = [one for one in schema.get("required", []) if one != "command"]


def _command(schemas: _Schemas, name: str, kind: Any, given: Any) -> dict[str, Any]:
    operation = _operation(schemas, name, "commands", kind, given, "400 401 403 404 409 413 422 429 503")
    operation["parameters"] = [
        _header("Idempotency-Key", True, {"type": "string", "minLength": 8, "maxLength": 64},
                "Made by the client, one per wish: the same again on every retry."),
        _header("X-Device-At", False, {"type": "integer"}, "Ms by the device's own clock, kept beside ours."),
    ]  # fmt: skip
    return operation


def _query(schemas: _Schemas, name: str, kind: Any, given: Any, public: bool) -> dict[str, Any]:
    asked = _operation(schemas, name, "queries", None, given, "400 401 403 404 422")
    if kind is not None:
        properties, required = schemas.properties(kind)
        asked["parameters"] = [
            {"name": one, "in": "query", "required": one in required, **_query_schema(schema)}
            for one, schema in properties.items()
        ]
        asked["summary"] = _summary(kind, name)
    posted = _operation(schemas, f"{name}_by_body", "queries", kind, given, "400 401 403 404 413 422")
    posted["summary"] = f"{asked['summary']} (arguments as JSON)"
    if public:
        asked["security"] = posted["security"] = [{}, {"bearer": []}]
    return {"get": asked, "post": posted}


def _query_schema(schema: dict[str, Any]) -> dict[str, Any]:
    if "/Point" in repr(schema):
        return {
            "schema": {"type": "string"},
            "example": "31.2304,121.4737",
            "description": "lat,lon (WGS-84)",
        }
    if "$ref" in repr(schema) or schema.get("type") == "array":
        return {"content": {"application/json": {"schema": schema}}}
    return {"schema": schema}


def _operation(
    schemas: _Schemas, name: str, tag: str, kind: Any, given: Any, errors: str, public: bool = False
) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": name,
        "tags": [tag],
        "summary": _summary(kind, name),
        "responses": {
            "200": {
                "description": "Done",
                "content": {"application/json": {"schema": schemas.ref(given)}},
            },
            **{status: _problem(schemas, status) for status in errors.split()},
        },
        "security": [] if public else [{"bearer": []}],
    }
    if kind is not None:
        body: dict[str, Any] = {"schema": schemas.ref(kind)}
        if name in EXAMPLES:
            body["example"] = EXAMPLES[name]
        operation["requestBody"] = {"required": True, "content": {"application/json": body}}
    return operation


def _summary(kind: Any, name: str) -> str:
    doc = (kind.__dict__.get("__doc__") if isinstance(kind, type) else None) or ""
    first = doc.strip().partition("\n")[0]
    # msgspec gives a struct without words its signature; that is no summary.
    return name.replace("_", " ").capitalize() if not first or "(" in first.split(" ")[0] else first


def _problem(schemas: _Schemas, status: str) -> dict[str, Any]:
    return {
        "description": _ERRORS[status],
        "content": {"application/problem+json": {"schema": schemas.ref(Problem)}},
    }


def _header(name: str, required: bool, schema: dict[str, Any], words: str) -> dict[str, Any]:
    return {"name": name, "in": "header", "required": required, "schema": schema, "description": words}


def _login_paths(paths: dict[str, Any], schemas: _Schemas) -> None:
    def open_post(path: str, name: str, kind: Any, given: Any, errors: str) -> None:
        paths[path] = {"post": _operation(schemas, name, "login", kind, given, errors, public=True)}

    open_post("/api/login/code", "ask_code", CodeWish, CodeSent, "400 413 422 429 503")
    open_post("/api/login", "login", LoginWish, Tokens, "400 401 413 422 429")
    open_post("/api/token", "refresh_token", RefreshWish, Tokens, "400 401 413 422")
    open_post("/api/guest", "exchange_guest_link", GuestWish, Tokens, "400 404 413 422 429")
    paths["/api/logout"] = {"post": _operation(schemas, "logout", "login", None, Done, "401")}
    paths["/api/devices"] = {"get": _operation(schemas, "list_devices", "login", None, list[Device], "401")}
    revoke = _operation(schemas, "revoke_device", "login", None, Done, "401 404")
    revoke["parameters"] = [{"name": "device", "in": "path", "required": True, "schema": {"type": "string"}}]
    paths["/api/devices/{device}"] = {"delete": revoke}
    paths["/api/me"] = {"get": _operation(schemas, "me", "login", None, Me, "401")}
    paths["/api/info"] = {"get": _operation(schemas, "info", "queries", None, Info, "503", public=True)}
