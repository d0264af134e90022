"""The port for reading voice messages. No engine is shipped: a shop that has one hands it to the desk."""

from pathlib import Path
from typing import Protocol

LONGEST_S = 20.0  # then the message goes without
MOST_SIGNS = 4000


class Transcriber(Protocol):
    async def transcribe(self, recording: Path, duration_ms: int) -> str:
        """The words of an .m4a (AAC, mono, 24 kHz), "" when there are none. May raise anything: a message
        never waits for its transcript longer than LONGEST_S, and is never refused for want of one."""
        ...
