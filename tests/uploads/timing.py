"""How long until the other one sees it: a picture of 3 MB as a thumbnail, a voice message of 10 s playable.

    python -m tests.uploads.timing

A whole server in this process, two people over HTTP, from the first byte of the upload to the last byte of
what the other one is shown. Times are wall-clock on a machine that may be busy; the load is printed.
"""

import asyncio
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

from huaxin.maps.library import CityLibrary
from tests.contract.live.clients import Line
from tests.contract.media import tus
from tests.house import Member, log_in, open_house, place
from tests.unit.media import samples

ROUNDS = 5


async def show(sender: Member, reader: Member, order: str, purpose: str, data: bytes, what: str) -> float:
    """Seconds from the beginning of the upload to the reader's last byte."""
    line = await Line(reader).open()
    ears = await line.listen(f"order:{order}")
    began = time.monotonic()
    media = await tus.upload(sender, order, purpose, data)
    sent = await tus.send(sender, order, media)
    assert sent.status_code == 200, sent.text
    while not ears.events:  # noqa: ASYNC110 (a handler that tells no event)
        await asyncio.sleep(0.002)
    links = (await tus.links(reader, order, media))[media]
    got = await tus.fetch(reader.house.url, links[what])
    took = time.monotonic() - began
    assert got.status_code == 200
    assert got.content
    await line.close()
    return took


async def measure(folder: Path) -> None:
    picture = samples.jpeg(4000, 3000, orientation=6, quality=94)
    voice = samples.sound(folder / "v.webm", 10, "webm", "libopus")
    async with open_house(folder) as house:
        li, owner = await log_in(house, "li"), await log_in(house, "owner")
        order = await place(li)
        for purpose, data, what, words in (
            ("picture", picture, "thumb", "picture, thumbnail seen"),
            ("voice", voice, "play", "voice of 10 s, playable"),
        ):
            took = [await show(li, owner, order, purpose, data, what) for _ in range(ROUNDS)]
            print(
                f"{words:26} {len(data) / 1e6:4.1f} MB  first {took[0]:5.2f} s  "
                f"median {statistics.median(took):5.2f} s  worst {max(took):5.2f} s  "
                f"(load {os.getloadavg()[0]:.1f})",
                flush=True,
            )


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="huaxin-media"))
    try:
        CityLibrary(folder / "cities").ensure_demo()
        asyncio.run(measure(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
