"""Pictures made safe: upright, in sRGB, without a word of metadata, with a thumbnail and a blurhash.

Runs in the worker process only.
"""

import io
from pathlib import Path
from typing import Any

import numpy as np
import pillow_heif
from PIL import Image, ImageCms, ImageOps

from huaxin.media import blurhash
from huaxin.media.model import MediaError

MOST_PIXELS = 64_000_000  # what the cameras of phones make; checked before a pixel is decoded
MOST_EDGE = 16_000
LONGEST = 4096  # of the original that is given out
THUMB = 480
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
    "image/avif": "AVIF",
    "image/bmp": "BMP",
}

pillow_heif.register_heif_opener(thumbnails=False)
Image.MAX_IMAGE_PIXELS = None  # asked below, before anything is decoded


def make_picture(source: Path, kind: str, out: Path, longest: int = LONGEST) -> dict[str, Any]:
    """Writes original (at most `longest` pixels) and thumb into `out`; what they are, as worker.Result has
    it. `kind`: as sniffed.

    Raises MediaError media.type, media.pixels or media.broken.
    """
    if kind not in _FORMATS:
        raise MediaError("media.type", "This is not a picture.", kind)
    try:
        with Image.open(source, formats=[_FORMATS[kind]]) as opened:
            _check_size(*opened.size)
            opened.load()
            upright = _upright(opened, longest)
    except (OSError, ValueError, SyntaxError, EOFError, IndexError, TypeError) as wrong:
        raise MediaError("media.broken", "This picture is damaged.", str(wrong)[:100]) from wrong
    return _write(upright, kind, out)


def _check_size(width: int, height: int) -> None:
    if width * height > MOST_PIXELS or max(width, height) > MOST_EDGE:
        raise MediaError("media.pixels", "This picture has too many pixels.", f"{width}×{height}")


def _upright(opened: Image.Image, longest: int) -> Image.Image:
    """A bare picture: turned as the camera was held, in sRGB, RGB or RGBA, with nothing attached."""
    profile = opened.info.get("icc_profile")
    turned = ImageOps.exif_transpose(opened)
    alpha = turned.mode in ("RGBA", "LA", "PA") or "transparency" in turned.info
    mode = "RGBA" if alpha else "RGB"
    plain = turned if turned.mode == mode else turned.convert(mode)
    if max(plain.size) > longest:
        plain.thumbnail((longest, longest), Image.Resampling.LANCZOS, reducing_gap=2.0)
    if profile and not alpha and turned.mode == "RGB":
        plain = _to_srgb(plain, profile)
    plain.info = {}  # else comment, profile and more are written again
    return plain


def _to_srgb(picture: Image.Image, profile: bytes) -> Image.Image:
    """Colours as meant, so that the profile (which may carry names) can go. A broken one is ignored."""
    try:
        found = ImageCms.profileToProfile(
            picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return picture
    return found or picture


def _write(picture: Image.Image, kind: str, out: Path) -> dict[str, Any]:
    lossless = picture.mode == "RGBA" or (
        kind in ("image/png", "image/gif", "image/bmp") and _is_drawn(picture)
    )
    if lossless:
        picture.save(out / "original.png", "PNG", compress_level=6)
        original = ["original.png", "image/png"]
    else:
        picture.save(out / "original.jpg", "JPEG", quality=88)
        original = ["original.jpg", "image/jpeg"]
    shown = on_white(picture)
    return {
        "kind": "picture",
        "width": picture.width,
        "height": picture.height,
        **write_thumb(shown, out),
        "files": {"original": original, "thumb": ["thumb.jpg", "image/jpeg"]},
    }


def _is_drawn(picture: Image.Image) -> bool:
    """A screenshot or drawing, which JPEG would smear: few colours for its size."""
    small = picture.resize((128, 128), Image.Resampling.NEAREST)
    return small.getcolors(3_000) is not None


def on_white(picture: Image.Image) -> Image.Image:
    """Without transparency, for what is always a JPEG."""
    if picture.mode != "RGBA":
        return picture
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def write_thumb(picture: Image.Image, out: Path) -> dict[str, Any]:
    """thumb.jpg, and the blurhash."""
    share = min(1.0, THUMB / max(picture.size))
    size = (max(1, round(picture.width * share)), max(1, round(picture.height * share)))
    small = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0).convert("RGB")
    small.info = {}
    small.save(out / "thumb.jpg", "JPEG", quality=72, optimize=True)
    tiny = small.resize((32, 24), Image.Resampling.BOX)
    return {"blurhash": blurhash.encode(np.asarray(tiny, dtype=np.uint8))}
