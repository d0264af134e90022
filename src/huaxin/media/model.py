"""What the media room keeps. Times are ms since 1970 by the real clock, sizes are bytes."""

from enum import StrEnum
from typing import Any

import msgspec

from huaxin.conversation.media import Attachment

MEGABYTE = 1 << 20


class Purpose(StrEnum):
    """What somebody wants to do with an upload: it decides what the bytes must be."""

    voice = "voice"
    picture = "picture"
    video = "video"
    file = "file"
    proof = "proof"  # a picture that goes with a delivery or an incident


class State(StrEnum):
    uploading = "uploading"
    processing = "processing"  # whole, and being made ready
    ready = "ready"
    refused = "refused"  # broken, or not what it was to be; `code` says


# What one upload may have, at most; a file is bounded by the configuration.
MOST: dict[Purpose, int] = {
    Purpose.voice: 25 * MEGABYTE,
    Purpose.picture: 60 * MEGABYTE,
    Purpose.proof: 60 * MEGABYTE,
}


class Variant(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One form of a medium in the object store."""

    key: str
    type: str
    size: int
    inline: bool = False  # made here, so a browser may show it; everything else is only ever saved


class Made(msgspec.Struct, frozen=True, kw_only=True):
    """A medium made ready."""

    attachment: Attachment
    variants: dict[str, Variant]  # original, and where they exist thumb (a picture) and play


class Upload(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    person: str
    order: str
    purpose: Purpose
    name: str
    length: int
    received: int  # bytes that are on the disk for good
    state: State
    created_at: int
    expires_at: int  # when it is swept away; 0: never, it belongs to a message
    code: str = ""  # why it was refused
    made: Made | None = None


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """How much one person may bring."""

    file_bytes: int = 200 * MEGABYTE
    day_bytes: int = 1_000 * MEGABYTE
    day_uploads: int = 500
    open_uploads: int = 20  # begun and not finished
    guest_share: float = 0.3  # of a day's bytes and uploads, for who came by a link
    unfinished_ms: int = 24 * 3_600_000
    unsent_ms: int = 48 * 3_600_000  # made ready but never put into a message
    keep_free: int = 500 * MEGABYTE  # of the disk, for the database


class MediaError(Exception):
    """Why bytes cannot become a medium. `code`: media.broken, media.type, media.pixels or media.long."""

    def __init__(self, code: str, sentence: str, value: Any = None) -> None:
        super().__init__(sentence)
        self.code, self.sentence, self.value = code, sentence, value
