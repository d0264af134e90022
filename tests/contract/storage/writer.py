"""A process that writes into a journal until it has written enough, or is killed.

    python -m tests.contract.storage.writer ADDRESS NAME COUNT [shared]

Each command writes two events; each ack is one line: shop, seq, command id. Several commands are always
on their way. With "shared" all writers use the same pages, else each its own.
"""

import asyncio
import sys
import time
from collections.abc import Iterator

from huaxin.journal.journal import Journal
from huaxin.storage.open import open_store
from tests.contract.storage.notebook import Notebook, wish

SHOPS = 2
PAGES = 5
_AT_ONCE = 40


async def write(url: str, name: str, count: int, pages_of: str) -> None:
    store = await open_store(url)
    journal = Journal(store, Notebook(), lambda: time.time_ns() // 1_000_000)
    numbers = iter(range(count))

    async def work(numbers: Iterator[int]) -> None:
        for n in numbers:
            command = wish(
                f"{name}.{n}",
                shop=f"shop{n % SHOPS}",
                subject=f"{pages_of}{n % PAGES}",
                actor=name,
                text=f"line {n}",
                times=2,
            )
            result = await journal.submit(command)
            sys.stdout.write(f"{result['shop']} {result['seq']} {command.command_id}\n")
            sys.stdout.flush()

    await asyncio.gather(*[work(numbers) for _ in range(_AT_ONCE)])
    await journal.drain()
    await store.close()


if __name__ == "__main__":
    shared = len(sys.argv) > 4
    asyncio.run(
        write(sys.argv[1], sys.argv[2], int(sys.argv[3]), "page" if shared else f"{sys.argv[2]}-page")
    )
