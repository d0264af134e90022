"""A server in a process of its own, to be killed: `python -m tests.browser.server DATA DATABASE PORT`.

Prints its address, then serves until it is ended.
"""

import asyncio
import sys
from pathlib import Path

from huaxin import compose
from huaxin.config import Config
from tests.house import SECRET


async def main(data: str, database: str, port: str) -> None:
    config = Config(data=Path(data), host="127.0.0.1", port=int(port), database=database, secret=SECRET)
    house = await compose.run(config, reveal_codes=True)
    print(house.url, flush=True)
    await compose.until_stopped()
    await house.stop()


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:4]))
