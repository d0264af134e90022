"""HT-1…HT-12: commands, queries, errors."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

import huaxin
from huaxin.http.examples import EXAMPLES
from huaxin.http.problems import Problem, prefer_language
from huaxin.http.sentences import SENTENCES, find_sentence
from tests.contract.http.conftest import PHONE, World


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """HT-1: the shape of every error."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["cache-control"] == "no-store"
    body: dict[str, Any] = response.json()
    msgspec.convert(body, Problem)
    assert (body["status"], body["code"], body["type"]) == (status, code, f"urn:huaxin:problem:{code}")
    assert body["detail"]
    assert "Traceback" not in response.text
    return body


async def test_a_command_repeated_is_done_once(world: World) -> None:
    """HT-2: the same key, the same answer; another key, another."""
    async with world.client(await world.log_in()) as client:
        say = {"order": "order-1234", "text": "到了吗"}
        path = "/api/commands/say"
        first, again = await asyncio.gather(
            *(client.post(path, json=say, headers={"Idempotency-Key": "key-00001"}) for _ in range(2))
        )
        other = await client.post(path, json=say, headers={"Idempotency-Key": "key-00002"})
    assert first.status_code == 200
    assert first.json() == again.json()
    assert other.json()["seq"] != first.json()["seq"]


@pytest.mark.parametrize(
    ("key", "code"),
    [(None, "request.no_key"), ("", "request.no_key"), ("short", "request.bad_key"),
     ("x" * 65, "request.bad_key"), ("has space in it", "request.bad_key")],
)  # fmt: skip
async def test_a_command_needs_a_key(world: World, key: str | None, code: str) -> None:
    """HT-3."""
    async with world.client(await world.log_in()) as client:
        headers = {} if key is None else {"Idempotency-Key": key}
        answer = await client.post("/api/commands/say", json={"order": "order-1234"}, headers=headers)
    problem(answer, 422, code)


async def test_the_dispatcher_gets_who_what_and_when(world: World) -> None:
    """HT-2: the body as sent, the device's clock beside it; nonsense clocks are 0."""
    async with world.client(await world.log_in(), **{"idempotency-key": "key-00001"}) as client:
        for said in ("1800000000123", "yesterday", "-5"):
            await client.post("/api/commands/confirm_order", json={"order": "order-1234"},
                              headers={"X-Device-At": said})  # fmt: skip
    assert [(name, body["order"], at) for _, name, body, at in world.dispatcher.seen] == [
        ("confirm_order", "order-1234", 1_800_000_000_123),
        ("confirm_order", "order-1234", 0),
        ("confirm_order", "order-1234", 0),
    ]


async def test_errors_speak_the_readers_language(world: World) -> None:
    """HT-4: the person's language, else the browser's; the catalogue's words, else the error's own."""
    headers = {"idempotency-key": "key-00001", "accept-language": "en-US,en;q=0.9"}
    for language, words in (("zh-CN", "已送达"), ("en", "The order is delivered")):
        token = await world.log_in(f"1380000000{len(language)}", language)
        async with world.client(token, **headers) as client:
            answer = await client.post("/api/commands/confirm_order", json={"order": "order-delivered"})
        body = problem(answer, 409, "order.illegal_move")
        assert words in body["detail"]
        assert body["value"] == {"command": "confirm_order", "status": "delivered"}
        assert answer.headers["content-language"] == language
    async with world.client(token, **headers) as client:
        own = await client.post("/api/commands/confirm_order", json={"order": "order-unheard"})
    assert problem(own, 409, "order.of_no_catalogue")["detail"] == "Words of its own."
    async with world.client(**headers) as client:
        assert "nothing here" in problem(await client.get("/api/none"), 404, "http.not_found")["detail"]


@pytest.mark.parametrize(
    ("header", "language"),
    [("", "zh-CN"), ("en", "en"), ("en-GB,zh;q=0.5", "en"), ("zh-TW,en;q=0.8", "zh-CN"), ("fr", "zh-CN"),
     ("fr,en;q=0.1", "en"), ("en;q=x,zh", "zh-CN"), (",;,", "zh-CN")],
)  # fmt: skip
def test_accept_language(header: str, language: str) -> None:
    """HT-4."""
    assert prefer_language(header) == language


async def test_what_is_not_there_and_not_allowed(world: World) -> None:
    """HT-5: also addresses and methods nobody made are problems, and the allowed ones are named."""
    async with world.client(await world.log_in()) as client:
        problem(await client.get("/nowhere"), 404, "http.not_found")
        problem(await client.post("/nowhere", json={}), 404, "http.not_found")
        refused = await client.get("/api/login")
        problem(refused, 405, "http.method_not_allowed")
        assert "POST" in refused.headers["allow"]
        problem(await client.post("/api/commands/fly", json={}), 404, "command.unknown")
        problem(await client.get("/api/queries/fly"), 404, "query.unknown")


async def test_bodies_that_cannot_be_read(world: World) -> None:
    """HT-6."""
    token = await world.log_in("13900000000")
    async with world.client() as client:
        path = "/api/login/code"
        problem(await client.post(path, content=b"{"), 400, "request.not_json")
        body = problem(await client.post(path, json={"phone": 5}), 422, "request.invalid")
        assert "$.phone" in body["value"]
        problem(await client.post(path, content=b"[]"), 422, "request.invalid")
        for called in ("/api/commands/say", "/api/queries/get_me"):
            sent = {"idempotency-key": "key-00001", "authorization": f"Bearer {token}"}
            problem(await client.post(called, content=b"{", headers=sent), 400, "request.not_json")
            problem(await client.post(called, content=b"5", headers=sent), 422, "request.invalid")
        assert problem(await client.post(path, json={"phone": "123"}), 422, "phone.invalid")["value"] == "123"


async def test_bodies_that_are_too_large(world: World) -> None:
    """HT-7: said at once with a length, and while reading without one."""

    async def endless():
        for _ in range(20):
            yield b"x" * 100_000

    async with world.client(await world.log_in(), **{"idempotency-key": "key-00001"}) as client:
        problem(await client.post("/api/commands/say", content=b"x" * 1_000_001), 413, "http.too_large")
        problem(await client.post("/api/commands/say", content=endless()), 413, "http.too_large")


async def test_what_breaks_inside_stays_inside(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """HT-8: the log has the trace, the answer has not; a full disk says so."""
    async with world.client(await world.log_in(), **{"idempotency-key": "key-00001"}) as client:
        with caplog.at_level(logging.ERROR, "huaxin.http"):
            answer = await client.post("/api/commands/say", json={"order": "order-broken"})
        problem(answer, 500, "internal")
        assert "secret of the house" not in answer.text
        assert "secret of the house" in caplog.text
        problem(await client.post("/api/commands/say", json={"order": "order-fulldisk"}), 507, "store.full")


async def test_who_is_not_logged_in(world: World) -> None:
    """HT-9: 401 names the scheme; looking around needs no login, a bad token is refused even there."""
    async with world.client(**{"idempotency-key": "key-00001"}) as client:
        for answer in (
            await client.get("/api/me"),
            await client.get("/api/devices"),
            await client.post("/api/logout"),
            await client.get("/api/queries/get_me"),
            await client.post("/api/commands/say", json={}),
        ):
            problem(answer, 401, "auth.required")
            assert answer.headers["www-authenticate"] == "Bearer"
        catalogue = await client.get("/api/queries/get_catalogue", params={"shop": "s1"})
        assert len(catalogue.json()["products"]) == 9
    async with world.client("nonsense") as client:
        problem(await client.get("/api/queries/get_catalogue", params={"shop": "s1"}), 401, "auth.invalid")
    async with world.client(authorization="Basic eDp5") as client:
        problem(await client.get("/api/me"), 401, "auth.invalid")


async def test_queries_by_address_and_by_body(world: World) -> None:
    """HT-10: numbers as they are written, a point as lat,lon or JSON; the types are checked."""
    async with world.client() as client:
        path = "/api/queries/search_places"
        wanted = {"text": "[阳光", "near": {"lat": 31.2, "lon": -121.5}, "limit": 3, "exact": True}
        for near in ("31.2,-121.5", '{"lat":31.2,"lon":-121.5}'):
            said = {"text": "[阳光", "near": near, "limit": "3", "exact": "true"}
            assert (await client.get(path, params=said)).json() == wanted
        assert (await client.post(path, json=wanted)).json() == wanted
        assert (await client.get(path, params={"text": "a"})).json()["limit"] == 10
        for wrong in ({}, {"text": "a", "limit": "many"}, {"text": "a", "near": "here"}):
            problem(await client.get(path, params=wrong), 422, "request.invalid")


async def test_logging_in_and_out(world: World) -> None:
    """HT-11."""
    async with world.client() as client:
        sent = (await client.post("/api/login/code", json={"phone": "+86 " + PHONE})).json()
        assert sent["sent"]
        wish = {"phone": PHONE, "code": "000000" if sent["dev_code"] != "000000" else "1", "language": "en"}
        wrong = problem(await client.post("/api/login", json=wish), 401, "login.wrong_code")
        assert wrong["value"] == {"tries_left": 4}
        assert "4" in wrong["detail"]
        tokens = (await client.post("/api/login", json={**wish, "code": sent["dev_code"]})).json()
        assert set(tokens) == {"access", "access_expires_at", "refresh", "person", "device"}
        newer = (await client.post("/api/token", json={"refresh": tokens["refresh"]})).json()
        assert newer["refresh"] != tokens["refresh"]
        client.headers["authorization"] = f"Bearer {newer['access']}"
        me = (await client.get("/api/me")).json()
        assert (me["phone"], me["language"], me["staff"]) == (PHONE, "en", [])
        assert [one["current"] for one in (await client.get("/api/devices")).json()] == [True]
        problem(await client.delete("/api/devices/somebody-elses"), 404, "device.unknown")
        assert (await client.post("/api/logout")).status_code == 200
        problem(await client.get("/api/me"), 401, "auth.session_ended")
        problem(
            await client.post("/api/token", json={"refresh": newer["refresh"]}), 401, "auth.session_ended"
        )


async def test_too_many_tries_say_when_to_come_back(world: World) -> None:
    """HT-11: also as Retry-After."""
    from huaxin.people.limits import Limits, Rule

    world.people._limits = Limits(code_phone=(Rule(1, 60_000),))
    async with world.client() as client:
        await client.post("/api/login/code", json={"phone": PHONE})
        answer = await client.post("/api/login/code", json={"phone": PHONE})
    assert problem(answer, 429, "login.too_many")["value"] == {"wait_s": 60}
    assert answer.headers["retry-after"] == "60"


@pytest.mark.parametrize(("peer", "believed"), [("127.0.0.1", True), ("203.0.113.9", False)])
async def test_who_is_behind_a_proxy(world: World, peer: str, believed: bool) -> None:
    """HT-23: addresses behind our proxy have limits of their own; made-up ones do not help."""
    from huaxin.people.limits import Limits, Rule

    world.people._limits = Limits(code_address=(Rule(1, 60_000),))
    transport = httpx.ASGITransport(world.app, client=(peer, 1))
    statuses = []
    async with httpx.AsyncClient(transport=transport, base_url="http://huaxin.test") as client:
        for i in range(3):
            headers = {"x-forwarded-for": f"198.51.100.7, 198.51.100.{i // 2}"}
            sent = await client.post("/api/login/code", json={"phone": f"1380000000{i}"}, headers=headers)
            statuses.append(sent.status_code)
    assert statuses == ([200, 429, 200] if believed else [200, 429, 429])


async def test_a_guest_link_becomes_a_session(world: World) -> None:
    """HT-12."""
    link = await world.people.create_guest_link("order-1234", "recipient", "p")
    async with world.client(**{"accept-language": "en"}) as client:
        tokens = (await client.post("/api/guest", json={"token": link.token})).json()
        client.headers["authorization"] = f"Bearer {tokens['access']}"
        me = (await client.get("/api/me")).json()
        assert (me["guest_order"], me["guest_role"], me["language"]) == ("order-1234", "recipient", "en")
        problem(await client.post("/api/guest", json={"token": "guessed"}), 404, "guest.unknown")


def test_examples_are_of_their_types() -> None:
    """HT-13: every example in the API's pages can really be sent."""
    from huaxin.live.commands import COMMANDS

    tried = 0
    for name, example in EXAMPLES.items():
        if name in COMMANDS:
            tag = COMMANDS[name].__struct_config__.tag
            msgspec.convert({**example, "command": tag} if tag else example, COMMANDS[name])
            tried += 1
    assert tried >= 25


# Said to whoever runs the server, on its console only.
FOR_THE_CONSOLE = {"store.newer", "store.unsupported"}


def test_every_refusal_has_words_in_both_languages() -> None:
    """HT-4: whatever code the house can refuse with, a person can read it."""
    found: set[str] = set()
    for file in Path(huaxin.__file__).parent.rglob("*.py"):
        found |= set(
            re.findall(r'\b(?:Rejected|Busy|StoreError)\(\s*"([a-z_]+\.[a-z_]+)"', file.read_text("utf-8"))
        )
    assert len(found) > 50
    assert found - set(SENTENCES) <= FOR_THE_CONSOLE
    for text in SENTENCES.values():
        assert text.zh
        assert text.en
        assert ("{value}" in text.zh) == ("{value}" in text.en)


def test_half_sentences_are_not_said() -> None:
    """HT-4."""
    assert find_sentence("request.invalid", "en") == ""
    assert find_sentence("request.invalid", "en", "x") == "The request cannot be understood: x"
    assert find_sentence("unheard.of", "en", "x") == ""
