"""The two well-known tus clients, each resuming an upload across a kill -9 of the server.

    python -m tests.uploads.run --mb 50

For each client: a server of its own process, an upload into an order, SIGKILL in the middle of a request, a
new server on the same folder, the client goes on by itself; then the file is sent as a message, fetched by
its signed address and compared byte by byte. Exit code 1 when anything differs.
"""

import argparse
import asyncio
import hashlib
import json
import secrets
import shutil
import sys
import tempfile
import threading
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tusclient.client import TusClient

from huaxin.maps.library import CityLibrary
from tests.faults.crash import free_port
from tests.faults.server import ServerProcess
from tests.house import log_in, open_house, place

HERE = Path(__file__).parent
WEB = HERE.parents[1] / "web"
CHUNK = 5 << 20  # of tuspy, which has a whole chunk in memory
_PATIENCE_S = 90.0


class Missed(Exception):
    """The client was done before the server could be killed."""


@dataclass
class Told:
    client: str
    size: int
    kept: int  # bytes the server had for good when it came back
    seconds: float
    digest: str


@dataclass
class Scene:
    """A stopped server's folder with somebody on an order, and a server process to start on it."""

    url: str
    server: ServerProcess
    token: str
    order: str
    file: Path

    @property
    def metadata(self) -> dict[str, str]:
        return {"filename": "花束视频.bin", "filetype": "x/y", "order": self.order, "purpose": "file"}

    def client(self) -> httpx.AsyncClient:
        headers = {"authorization": f"Bearer {self.token}", "tus-resumable": "1.0.0"}
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=60)

    async def offset(self, url: str) -> int:
        async with self.client() as client:
            answer = await client.head(url)
            assert answer.status_code == 200, answer.status_code
            return int(answer.headers["upload-offset"])

    async def kill_and_start(self, url: str, size: int) -> int:
        """What the server had for good."""
        self.server.kill()
        await self.server.start()
        kept = await self.offset(url)
        if kept >= size:
            raise Missed
        return kept

    async def fetch(self, url: str) -> str:
        """Sends the upload as a message; the SHA-256 of what its address gives."""
        media = url.rpartition("/")[2]
        async with self.client() as client:
            while True:
                body = {"order": self.order, "media": [media]}
                key = {"idempotency-key": f"send-{media}"}
                sent = await client.post("/api/commands/send_media", json=body, headers=key)
                if sent.status_code != 503:
                    break
                await asyncio.sleep(0.1)
            assert sent.status_code == 200, sent.text
            found = await client.post("/api/queries/get_media_links", json=body)
            made = hashlib.sha256()
            address = f"{self.url}{found.json()[0]['original']}"
            async with httpx.AsyncClient() as anybody, anybody.stream("GET", address) as answer:
                assert answer.status_code == 200
                assert answer.headers["content-disposition"].startswith("attachment")
                async for piece in answer.aiter_bytes():
                    made.update(piece)
            return made.hexdigest()


@asynccontextmanager
async def make_scene(data: Path, folder: Path, size: int) -> AsyncIterator[Scene]:
    """`data` has the city in it."""
    where = folder / secrets.token_hex(4)
    where.mkdir()
    (where / "cities").symlink_to(data / "cities")
    database = f"sqlite:///{where / 'uploads.db'}"
    async with open_house(where, database=database) as house:
        buyer = await log_in(house, "li")
        order = await place(buyer)
        token = buyer.access
        await buyer.http.aclose()
    file = where / "what-is-sent.bin"
    with file.open("wb") as out:
        for _ in range(size >> 20):
            out.write(secrets.token_bytes(1 << 20))
    port = free_port()
    server = ServerProcess(where, database, port, where / "server.log")
    try:
        await server.start()
        yield Scene(f"http://127.0.0.1:{port}", server, token, order, file)
    finally:
        server.kill()
        shutil.rmtree(where, ignore_errors=True)


async def with_js(scene: Scene, share: float) -> tuple[str, int]:
    """tus-js-client, the whole file in one request. `share`: of the file, when the server dies.

    The upload's address and what the server had kept.
    """
    node = shutil.which("node")
    assert node is not None, "no Node on this machine"
    settings = {
        "url": scene.url, "file": str(scene.file), "token": scene.token, "web": str(WEB),
        "metadata": scene.metadata, "chunk": scene.file.stat().st_size,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        node, str(HERE / "client.mjs"), json.dumps(settings), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url, kept, killed = "", 0, False
    try:
        async with asyncio.timeout(_PATIENCE_S):
            while line := await process.stdout.readline():
                said: dict[str, Any] = json.loads(line)
                if said["event"] == "created":
                    url = said["url"]
                elif said["event"] == "failed":
                    raise AssertionError(said["message"])
                elif said["event"] == "progress" and not killed and said["sent"] >= said["total"] * share:
                    killed = True
                    while not await scene.offset(url):  # noqa: ASYNC110 (what was sent is not yet received)
                        await asyncio.sleep(0.02)
                    kept = await scene.kill_and_start(url, said["total"])
            await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    return url, kept


async def with_tuspy(scene: Scene, share: float) -> tuple[str, int]:
    """tuspy, in requests of CHUNK bytes."""
    client = TusClient(f"{scene.url}/api/uploads", headers={"Authorization": f"Bearer {scene.token}"})
    uploader = client.uploader(
        str(scene.file), chunk_size=CHUNK, metadata=scene.metadata, retries=60, retry_delay=0.3
    )
    failed: list[BaseException] = []

    def work() -> None:
        try:
            uploader.upload()
        except BaseException as wrong:
            failed.append(wrong)

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    size = scene.file.stat().st_size
    while thread.is_alive() and uploader.offset < size * share:  # noqa: ASYNC110 (a thread tells no event)
        await asyncio.sleep(0.002)
    kept = await scene.kill_and_start(str(uploader.url), size)
    async with asyncio.timeout(_PATIENCE_S):
        while thread.is_alive():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    if failed:
        raise failed[0]
    return str(uploader.url), kept


CLIENTS: dict[str, Callable[[Scene, float], Any]] = {"tus-js-client": with_js, "tuspy": with_tuspy}


async def resume(client: str, data: Path, folder: Path, size: int) -> Told:
    """One client's whole way. Raises AssertionError when what comes back differs from what was sent."""
    # On a busy machine nobody may look before all of it is there: then more is sent, and killed earlier.
    for share, times in ((0.4, 1), (0.25, 2), (0.1, 4), (0.05, 6)):
        began, large = time.monotonic(), size * times
        async with make_scene(data, folder, large) as scene:
            try:
                url, kept = await CLIENTS[client](scene, share)
            except Missed:
                continue
            seconds = time.monotonic() - began
            assert await scene.offset(url) == large
            fetched = await scene.fetch(url)
            sent = hashlib.sha256(scene.file.read_bytes()).hexdigest()
            assert fetched == sent, f"{client}: {fetched} came back for {sent}"
            return Told(client, large, kept, seconds, sent)
    raise AssertionError(f"{client} was always done before the server could be killed")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--mb", type=int, default=50, help="size of the file (50)")
    args = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="huaxin-uploads"))
    try:
        CityLibrary(folder / "cities").ensure_demo()
        for client in CLIENTS:
            told = asyncio.run(resume(client, folder, folder, args.mb << 20))
            print(
                f"{told.client:14} {told.size >> 20} MB in {told.seconds:4.1f} s with a kill -9 at "
                f"{told.kept / (1 << 20):5.1f} MB kept; byte-identical (sha256 {told.digest[:16]}…)",
                flush=True,
            )
    except AssertionError as wrong:
        print(f"FAILED: {wrong}")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
