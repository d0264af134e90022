"""HT-13…HT-20: the API document, pages, files, headers."""

import gzip
import inspect
import re
from types import SimpleNamespace
from typing import Any

import pytest
from openapi_spec_validator import validate

from huaxin.http.openapi import make_document
from tests.contract.http.conftest import World
from tests.contract.http.test_calls import problem

TILES = "/city/demo/basemap.pmtiles"
BYTES = bytes(range(256)) * 4


async def test_the_document_is_valid_openapi(world: World) -> None:
    """HT-13: 3.1, every command and query once, with its type, its errors and its key."""
    async with world.client() as client:
        document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"] == "3.1.0"
    validate(document)
    command = document["paths"]["/api/commands/place_order"]["post"]
    assert command["parameters"][0]["name"] == "Idempotency-Key"
    assert command["parameters"][0]["required"]
    media = command["requestBody"]["content"]["application/json"]
    assert media["schema"] == {"$ref": "#/components/schemas/PlaceOrder"}
    assert media["example"]["lines"]
    shape = document["components"]["schemas"]["PlaceOrder"]
    assert "lines" in shape["required"]
    assert not {"command", "number", "priced", "buyer"} & set(shape["properties"])
    for status in ("401", "409", "422"):
        assert "application/problem+json" in command["responses"][status]["content"]
    asked = document["paths"]["/api/queries/search_places"]["get"]
    assert {one["name"] for one in asked["parameters"]} == {"text", "near", "limit", "exact"}
    assert asked["security"] == [{}, {"bearer": []}]
    assert document["paths"]["/api/login"]["post"]["security"] == []


def test_the_whole_houses_document_is_valid() -> None:
    """HT-13: with every command and query the server really has."""
    from huaxin.compose_parts import base_queries
    from huaxin.live.commands import COMMANDS, SYSTEM_ONLY

    class Anything:
        def __getattr__(self, name: str) -> Any:
            return None

    found = base_queries(*[Anything() for _ in inspect.signature(base_queries).parameters])  # type: ignore[arg-type]
    services = SimpleNamespace(
        commands={name: kind for name, kind in COMMANDS.items() if name not in SYSTEM_ONLY},
        queries={name: (args, answer) for name, (args, answer, _) in found.items()},
        command_answers={},
        public_queries=frozenset({"list_shops"}),
        version="0",
    )
    document = make_document(services)  # type: ignore[arg-type]
    validate(document)
    names = [one["operationId"] for item in document["paths"].values() for one in item.values()]
    assert len(names) == len(set(names))
    assert len(document["paths"]) == 9 + len(services.commands) + len(found)


async def test_the_api_page_needs_nothing_from_outside(world: World) -> None:
    """HT-14."""
    async with world.client() as client:
        page = await client.get("/api/docs")
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        parts = re.findall(r'(?:src|href)="([^"]+)"', page.text)
        assert {"/api/docs.css", "/api/docs.js", "/favicon.svg"} <= set(parts)
        for part in parts:
            assert part.startswith("/")
            assert (await client.get(part)).status_code == 200


@pytest.mark.parametrize(("language", "words"), [("zh-CN,zh;q=0.9", "三个入口"), ("en", "Three doors")])
async def test_the_start_page_has_three_doors(world: World, language: str, words: str) -> None:
    """HT-15: in the reader's language, and in the other one by its link."""
    async with world.client(**{"accept-language": language}) as client:
        page = await client.get("/")
        assert words in page.text
        for door in ("/buyer/", "/courier/", "/shop/"):
            assert f'href="{door}"' in page.text
            assert (await client.get(door)).status_code == 200
        other = re.search(r'href="(/\?lang=[^"]+)"', page.text)
        assert other is not None
        assert words not in (await client.get(other[1])).text
        assert page.headers["vary"] == "accept-language, accept-encoding"


async def test_a_screen_answers_every_address_of_its_own(world: World) -> None:
    """HT-16: pages always asked for again, hashed files kept forever, a missing script is a 404."""
    async with world.client() as client:
        for path in ("/buyer", "/buyer/", "/buyer/orders/o-12", "/shop/", "/courier/run"):
            page = await client.get(path)
            assert page.status_code == 200
            assert f"<title>{path.split('/')[1]}</title>" in page.text
            assert page.headers["content-type"] == "text/html; charset=utf-8"
            assert page.headers["cache-control"] == "no-cache"
        script = await client.get("/buyer/assets/main-4f2a.js")
        assert script.headers["content-type"] == "text/javascript; charset=utf-8"
        assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert (await client.get("/buyer/sw.js")).headers["cache-control"] == "no-cache"
        problem(await client.get("/buyer/assets/gone-1234.js"), 404, "http.not_found")
        again = await client.get("/buyer/", headers={"if-none-match": page.headers["etag"]})
        assert again.status_code == 200  # another screen's tag
        etag = (await client.get("/buyer/")).headers["etag"]
        same = await client.get("/buyer/", headers={"if-none-match": etag})
        assert (same.status_code, same.content) == (304, b"")
        head = await client.head("/buyer/")
        assert (head.status_code, head.content, head.headers["content-length"]) == (200, b"", "35")


@pytest.mark.parametrize(
    "path",
    ["/buyer/../secret.txt", "/buyer/%2e%2e/%2e%2e/secret.txt", "/buyer/..%2f..%2fsecret.txt",
     "/pictures/..%2fseed.py", "/city/..%2f..%2f/basemap.pmtiles", "/city/%2e%2e/basemap.pmtiles",
     "/buyer//etc/passwd", "/pictures//etc/passwd", "/buyer/%00.txt", "/pictures/%5c..%5cseed.py"],
)  # fmt: skip
async def test_no_way_out_of_the_folder(world: World, path: str) -> None:
    """HT-17: also not by a link in it."""
    async with world.client() as client:
        answer = await client.get(path)
    assert "not for anybody" not in answer.text
    assert "root:" not in answer.text
    assert "import" not in answer.text
    assert answer.status_code in (200, 404)
    if answer.status_code == 200:  # the screen's own page, as for every address it does not know
        assert "<title>buyer</title>" in answer.text


async def test_a_link_does_not_lead_out(world: World) -> None:
    """HT-17."""
    (world.folder / "static" / "buyer" / "leak.txt").symlink_to(world.folder / "secret.txt")
    async with world.client() as client:
        problem(await client.get("/buyer/leak.txt"), 404, "http.not_found")


@pytest.mark.parametrize(
    ("wanted", "start", "end"),
    [("bytes=0-0", 0, 0), ("bytes=5-9", 5, 9), ("bytes=1000-", 1000, 1023), ("bytes=-24", 1000, 1023),
     ("bytes=1000-9999", 1000, 1023), ("bytes=-9999", 0, 1023)],
)  # fmt: skip
async def test_ranges_of_the_map(world: World, wanted: str, start: int, end: int) -> None:
    """HT-18."""
    async with world.client() as client:
        part = await client.get(TILES, headers={"range": wanted, "accept-encoding": "gzip"})
    assert part.status_code == 206
    assert part.content == BYTES[start : end + 1]
    assert part.headers["content-range"] == f"bytes {start}-{end}/1024"
    assert part.headers["content-length"] == str(end - start + 1)
    assert part.headers["accept-ranges"] == "bytes"
    assert part.headers["content-type"] == "application/octet-stream"


async def test_ranges_that_are_not_there(world: World) -> None:
    """HT-18: 416 with the size; what is no single range gets the whole; a changed file is not mixed."""
    async with world.client() as client:
        for wanted in ("bytes=1024-", "bytes=9-5", "bytes=-0"):
            refused = await client.get(TILES, headers={"range": wanted})
            problem(refused, 416, "http.range")
            assert refused.headers["content-range"] == "bytes */1024"
        for wanted in ("bytes=0-1,5-6", "items=0-5", "bytes=-", "bytes=a-b"):
            whole = await client.get(TILES, headers={"range": wanted})
            assert (whole.status_code, whole.content) == (200, BYTES)
        stale = await client.get(TILES, headers={"range": "bytes=0-4", "if-range": '"old"'})
        assert (stale.status_code, stale.content) == (200, BYTES)
        fresh = await client.get(TILES, headers={"range": "bytes=0-4", "if-range": stale.headers["etag"]})
        assert fresh.status_code == 206
        problem(await client.get("/city/atlantis/basemap.pmtiles"), 404, "http.not_found")


async def test_what_is_packed_already_is_sent_packed(world: World) -> None:
    """HT-19: a .br or .gz beside a file that is as new."""
    script = world.folder / "static" / "buyer" / "assets" / "main-4f2a.js"
    packed = script.with_name(script.name + ".gz")
    packed.write_bytes(gzip.compress(script.read_bytes()))
    path = "/buyer/assets/main-4f2a.js"
    async with world.client() as client:
        sent = await client.get(path, headers={"accept-encoding": "br, gzip"})
        assert sent.headers["content-encoding"] == "gzip"
        assert sent.headers["vary"] == "accept-encoding"
        assert sent.text == "console.log(1)"
        plain = await client.get(path, headers={"accept-encoding": "gzip;q=0"})
        assert "content-encoding" not in plain.headers
        assert plain.headers["etag"] != sent.headers["etag"]
        script.write_text("console.log(2)")
        assert (await client.get(path, headers={"accept-encoding": "gzip"})).text == "console.log(2)"


async def test_text_is_squeezed_once(world: World) -> None:
    """HT-19: whoever takes gzip gets it, from memory the second time; a changed file is squeezed anew."""
    path, file = "/buyer/words.txt", world.folder / "static" / "buyer" / "words.txt"
    async with world.client(**{"accept-encoding": "gzip"}) as client:
        for words in ("康乃馨 " * 500, "百合 " * 700):
            file.write_text(words)
            first, again = await client.get(path), await client.get(path)
            assert first.text == again.text == words
            assert first.headers["content-encoding"] == "gzip"
            assert int(first.headers["content-length"]) < len(words)
            same = await client.get(path, headers={"if-none-match": first.headers["etag"]})
            assert same.status_code == 304
        plain = await client.get(path, headers={"accept-encoding": "identity"})
        assert "content-encoding" not in plain.headers
        assert plain.text == words
        part = await client.get(path, headers={"range": "bytes=0-5"})
        assert (part.status_code, part.text) == (206, "百合")


async def test_headers_that_protect(world: World) -> None:
    """HT-20: on pages, API and errors alike; no other site may read anything."""
    async with world.client(origin="https://elsewhere.example") as client:
        for path in ("/", "/buyer/", "/api/info", "/nowhere", "/pictures/lily.svg"):
            headers = (await client.get(path)).headers
            assert headers["x-content-type-options"] == "nosniff"
            policy = headers["content-security-policy"]
            assert "frame-ancestors 'none'" in policy
            assert "script-src 'self';" in policy
            assert "connect-src 'self' ws://huaxin.test wss://huaxin.test;" in policy
            assert "access-control-allow-origin" not in headers
        odd = await client.get("/", headers={"host": "a; script-src *"})
        assert "script-src *" not in odd.headers["content-security-policy"]


async def test_a_guests_address_does_not_travel(world: World) -> None:
    """HT-20: no Referer, no cache, no search engine."""
    async with world.client() as client:
        page = await client.get("/o/abcdefgh")
    assert "<title>buyer</title>" in page.text
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["cache-control"] == "no-store"
    assert "noindex" in page.headers["x-robots-tag"]


async def test_screens_not_built_yet_say_how(world: World) -> None:
    """HT-16."""
    (world.folder / "static" / "shop" / "index.html").unlink()
    async with world.client() as client:
        page = await client.get("/shop/")
    assert page.status_code == 503
    assert "make run" in page.text


async def test_the_gateways_transports_are_passed_on(world: World) -> None:
    """HT-21: their own headers and nothing of ours in their way."""
    async with world.client() as client:
        for path in ("/connection/http_stream", "/connection/sse", "/emulation"):
            assert (await client.get(path)).text == path


async def test_info_health_and_pictures(world: World) -> None:
    """HT-22."""
    async with world.client() as client:
        assert (await client.get("/api/info")).json()["name"] == "花信 Huaxin"
        assert (await client.get("/api/health")).json() == {"ok": True, "version": "0.1.0"}
        for one in (await client.get("/api/queries/get_catalogue?shop=s1")).json()["products"]:
            picture = await client.get(one["picture"])
            assert picture.headers["content-type"] == "image/svg+xml"
