"""The real tus clients across a kill -9 (`make uploads` does the same with 50 MB)."""

from pathlib import Path

import pytest

from tests.uploads.run import CLIENTS, resume


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_resumes_across_a_killed_server(client: str, data: Path, tmp_path: Path) -> None:
    """MED-4, MED-5: what was told as received is there after SIGKILL; what arrives is byte-identical."""
    told = await resume(client, data, tmp_path, 16 << 20)
    assert 0 < told.kept < told.size
