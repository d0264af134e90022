"""Hands on a device: what people do goes through the server's public doors and nowhere else."""

import asyncio
import itertools
from base64 import b64encode
from typing import Any

import httpx

PATIENCE_S = 120.0  # for what is being made ready (an upload, a document): far more than a slow machine needs
_LOOK_S = 0.02


class Refused(Exception):
    """The server said no: its code, status and value."""

    def __init__(self, what: str, answer: httpx.Response) -> None:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        self.status, self.code = answer.status_code, str(problem.get("code", ""))
        self.value = problem.get("value")
        super().__init__(f"{what}: {self.status} {self.code} {problem.get('detail', '')}")


class Person:
    """Somebody with a session. `tokens`: as the login gave them, for a browser to go on with; `link`: the
    path they came by instead of logging in."""

    def __init__(self, door: "Door", tokens: dict[str, Any], name: str, link: str = "") -> None:
        self._door, self.tokens, self.name, self.link = door, tokens, name, link
        self.id = str(tokens["person"])
        self._renewing = asyncio.Lock()

    async def do(self, command: str, **fields: Any) -> dict[str, Any]:
        """A command, again while it is told to come again, as an outbox does. Raises Refused."""
        key = {"idempotency-key": self._door.new_key()}
        answer = await self._sent("POST", f"/api/commands/{command}", key, json=fields)
        found: dict[str, Any] = answer.json()
        return found

    async def refused(self, command: str, **fields: Any) -> str:
        """The code it was refused with, "" when it was carried out."""
        try:
            await self.do(command, **fields)
        except Refused as no:
            return no.code
        return ""

    async def ask(self, query: str, **fields: Any) -> Any:
        """Raises Refused."""
        return (await self._sent("POST", f"/api/queries/{query}", json=fields)).json()

    async def send_file(self, path: str, data: bytes, kind: str) -> Any:
        """A body as it is: a table, a picture. Raises Refused."""
        return (await self._sent("POST", path, {"content-type": kind}, content=data)).json()

    async def fetch(self, path: str, **query: str) -> bytes:
        """Raises Refused."""
        return (await self._sent("GET", path, params=query)).content

    async def upload(self, order: str, data: bytes, purpose: str, name: str = "photo.jpg") -> str:
        """A picture for an order, by tus in one piece; its id. Raises Refused."""
        said = {"filename": name, "filetype": "image/jpeg", "order": order, "purpose": purpose}
        metadata = ",".join(f"{key} {b64encode(value.encode()).decode()}" for key, value in said.items())
        headers = {
            "tus-resumable": "1.0.0", "upload-length": str(len(data)), "upload-metadata": metadata,
            "content-type": "application/offset+octet-stream",
        }  # fmt: skip
        answer = await self._sent("POST", "/api/uploads", headers, content=data)
        return str(answer.headers["location"].rpartition("/")[2])

    async def _sent(
        self, method: str, path: str, headers: dict[str, str] | None = None, **options: Any
    ) -> httpx.Response:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                access = self.tokens["access"]
                mine = {"authorization": f"Bearer {access}", **(headers or {})}
                answer = await self._door.http.request(method, path, headers=mine, **options)
                if answer.status_code < 400:
                    return answer
                no = Refused(path, answer)
                if no.code == "auth.expired":
                    await self._renew(access)
                elif no.status == 503:
                    await asyncio.sleep(_LOOK_S)
                else:
                    raise no

    async def _renew(self, access: str) -> None:
        """A session outlives its ten minutes, as on any device; once, however many requests found out."""
        async with self._renewing:
            if self.tokens["access"] == access:
                renewed = await self._door.post("/api/token", {"refresh": self.tokens["refresh"]})
                self.tokens = {**self.tokens, **renewed}


class Door:
    """One server, reached as a phone reaches it."""

    def __init__(self, url: str) -> None:
        # Shorter than the server keeps a line open: none is used that it is about to close.
        lines = httpx.Limits(max_connections=40, max_keepalive_connections=40, keepalive_expiry=2.0)
        self.http = httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, limits=lines)
        self._keys = itertools.count(1)

    def new_key(self) -> str:
        """A command's id: unique here is unique enough, since each is compared with its sender's own."""
        return f"morning-{next(self._keys)}"

    async def log_in(self, phone: str, name: str) -> Person:
        """With a one-time code, which a server with invented people alone shows. Raises Refused."""
        sent = await self.post("/api/login/code", {"phone": phone})
        tokens = await self.post("/api/login", {"phone": phone, "code": sent["dev_code"]})
        return Person(self, tokens, name)

    async def come_by(self, url: str, name: str) -> Person:
        """Somebody without an account who was sent a link. Raises Refused."""
        token = url.rpartition("/o/")[2]
        return Person(self, await self.post("/api/guest", {"token": token}), name, f"/o/{token}")

    async def post(self, path: str, data: dict[str, Any]) -> dict[str, Any]:
        answer = await self.http.post(path, json=data)
        if answer.status_code >= 400:
            raise Refused(path, answer)
        found: dict[str, Any] = answer.json()
        return found

    async def close(self) -> None:
        await self.http.aclose()
