"""Media in an S3 bucket, or in anything that speaks S3 (MinIO, Ceph, OSS, COS); `obstore` speaks it."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.exceptions import NotFoundError as Missing
from obstore.store import S3Store

PART = 8 << 20  # bytes; larger files travel in several parts


class S3Objects:
    def __init__(
        self,
        bucket: str,
        prefix: str = "",
        *,
        endpoint: str = "",
        region: str = "",
        key: str = "",
        secret: str = "",
    ) -> None:
        """`endpoint`: for anything but Amazon's own. Without `key` the machine's own rights are used."""
        config: dict[str, str] = {"region": region or "us-east-1"}
        if endpoint:
            config |= {"endpoint": endpoint, "virtual_hosted_style_request": "false"}
        if key:
            config |= {"access_key_id": key, "secret_access_key": secret}
        self._store = S3Store(
            bucket,
            prefix=prefix or None,
            config=config,  # type: ignore[arg-type]  # its keys are checked at start, by the library
            client_options={"allow_http": endpoint.startswith("http://"), "timeout": "60s"},
            retry_config={"max_retries": 3},
        )

    async def put(self, key: str, source: Path, kind: str) -> None:
        try:
            attributes = {"Content-Type": kind}
            await obstore.put_async(self._store, key, source, attributes=attributes, chunk_size=PART)
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong
        await asyncio.to_thread(source.unlink, True)

    async def read(self, key: str, start: int, length: int) -> AsyncIterator[bytes]:
        if length <= 0:
            return
        try:
            found = await obstore.get_async(self._store, key, options={"range": (start, start + length)})
            async for chunk in found.stream(min_chunk_size=256 * 1024):
                yield bytes(chunk)
        except Missing as gone:
            raise FileNotFoundError(key) from gone
        except BaseError as wrong:
            raise OSError(str(wrong)) from wrong

    async def delete(self, keys: Sequence[str]) -> None:
        for key in keys:
            try:
                await obstore.delete_async(self._store, key)
            except Missing:
                pass
            except BaseError as wrong:
                raise OSError(str(wrong)) from wrong
