"""What is attached to a message: the facts a screen needs to show it before a byte of it is loaded."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.journal.model import Rejected
from huaxin.kernel import tidy

MOST_MEDIA = 9  # in one message
MOST_CAPTION = 1000
MediaId = Annotated[str, Meta(min_length=8, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]


class Attachment(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One voice message, picture, clip or file of a message. The bytes have addresses of their own
    (`get_media_links`): signed, expiring, for one person."""

    id: str
    kind: str  # voice | picture | video | file
    type: str  # by what the bytes are, not by what was said: image/jpeg, audio/mp4, application/pdf …
    name: str = ""
    size: int = 0  # bytes of the original as it is given out
    width: int = 0  # pixels, upright
    height: int = 0
    duration_ms: int = 0
    waveform: list[int] = []  # of a voice message: loudness 0..100, at most 64 values
    blurhash: str = ""
    transcript: str = ""  # of a voice message, where the shop has an engine for it


def caption(text: str) -> str:
    """The words beside the media, tidied. May be empty. Raises Rejected message.too_long (422)."""
    kept = tidy(text)
    if len(kept) > MOST_CAPTION:
        raise Rejected(
            "message.too_long",
            f"Words beside a picture have up to {MOST_CAPTION} characters; these have {len(kept)}.",
            len(kept),
            status=422,
        )
    return kept


def attached(attachments: list[Attachment]) -> list[Attachment]:
    """What the server found for the ids of the wish. Raises Rejected media.unknown (404) without any."""
    if not attachments:
        raise Rejected("media.unknown", "There is no such upload of yours on this order.", status=404)
    return attachments
