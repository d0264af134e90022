"""File names as people see them and as headers carry them. Never used as a path."""

import re
import unicodedata
from urllib.parse import quote

MOST = 120
_BAD = re.compile(r'[\x00-\x1f\x7f<>:"|?*]+')


def clean_name(said: str) -> str:
    """The last part of what was said, without control and direction signs, at most MOST characters with its
    ending kept; "" when nothing is left."""
    last = re.split(r"[/\\]", said)[-1]
    kept = "".join(
        c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
    )
    kept = _BAD.sub("_", unicodedata.normalize("NFC", kept)).strip(" .")
    if len(kept) > MOST:
        stem, dot, ending = kept.rpartition(".")
        kept = f"{stem[: MOST - 12]}.{ending}" if dot and len(ending) <= 10 else kept[:MOST]
    return kept


def with_ending(name: str, ending: str, otherwise: str) -> str:
    """The name with the ending its bytes have now: IMG_1.HEIC became a JPEG."""
    stem = name.rpartition(".")[0] or name
    return f"{stem or otherwise}.{ending}"


def disposition(name: str, inline: bool) -> str:
    """A Content-Disposition that every browser understands."""
    plain = "".join(c if c.isascii() and c not in '"\\%' else "_" for c in name) or "file"
    way = "inline" if inline else "attachment"
    return f"{way}; filename=\"{plain}\"; filename*=UTF-8''{quote(name or 'file', safe='')}"
