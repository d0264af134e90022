"""Media made here, so that every test knows what is in them."""

import io
import math
import struct
import zlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pillow_heif
from PIL import Image, ImageDraw

SHANGHAI = {0x8825: {1: "N", 2: (31.0, 13.0, 50.0), 3: "E", 4: (121.0, 28.0, 20.0)}}


def photo(width: int = 640, height: int = 480) -> Image.Image:
    """Red on the left, blue on the right, a gradient over both: JPEG's own kind of picture."""
    across = np.linspace(0, 255, width)[None, :].repeat(height, 0)
    down = np.linspace(0, 255, height)[:, None].repeat(width, 1)
    noise = np.random.default_rng(1).integers(0, 40, (height, width))
    pixels = np.stack([255 - across, (down + noise) / 2, across], axis=2).clip(0, 255).astype(np.uint8)
    return Image.fromarray(pixels)


def jpeg(width: int = 640, height: int = 480, orientation: int = 1, quality: int = 90) -> bytes:
    """With a camera's words and a position in it."""
    picture = photo(width, height)
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update(SHANGHAI[0x8825])
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, exif=exif, comment=b"SecretComment")
    return out.getvalue()


def heic(width: int = 640, height: int = 480) -> bytes:
    exif = Image.Exif()
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825).update(SHANGHAI[0x8825])
    out = io.BytesIO()
    pillow_heif.from_pillow(photo(width, height)).save(out, exif=exif.tobytes())
    return out.getvalue()


def screenshot() -> bytes:
    """A PNG of few colours with a text chunk."""
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).rectangle((100, 100, 500, 300), fill="teal")
    out = io.BytesIO()
    picture.save(out, "PNG", dpi=(300, 300))
    return out.getvalue()


def bomb(edge: int = 10_000) -> bytes:
    """A PNG of edge × edge pixels in some kilobytes."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = zlib.compressobj(9)
    body = b"".join(rows.compress(bytes(edge // 8 + 1)) for _ in range(edge)) + rows.flush()
    head = struct.pack(">IIBBBBB", edge, edge, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def tone(seconds: float, rate: int = 48_000) -> np.ndarray:
    """Loud, then silent, then half as loud: a waveform one can recognise."""
    at = np.arange(int(seconds * rate)) / rate
    loud = np.where(at < seconds / 3, 1.0, np.where(at < 2 * seconds / 3, 0.0, 0.5))
    return (np.sin(2 * math.pi * 440 * at) * loud * 20_000).astype(np.int16)


def sound(path: Path, seconds: float, form: str, codec: str, rate: int = 48_000) -> bytes:
    """As a recorder writes it: webm/libopus (Android, desktop), mp4/aac (iPhone), ogg/libopus."""
    with av.open(str(path), "w", format=form) as container:
        stream = container.add_stream(codec, rate=rate, layout="mono")
        samples = tone(seconds, rate)
        for start in range(0, len(samples), 960):
            part = np.ascontiguousarray(samples[start : start + 960]).reshape(1, -1)
            frame = av.AudioFrame.from_ndarray(part, format="s16", layout="mono")
            frame.sample_rate, frame.pts = rate, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()


def clip(
    path: Path, seconds: float, form: str, codec: str, size: tuple[int, int] = (320, 240), fast: bool = False
) -> bytes:
    """A red and blue clip with a position in its metadata and, for MP4, a sound."""
    options = {"movflags": "+use_metadata_tags"} if form in ("mp4", "mov") else {}
    with av.open(str(path), "w", format=form, options=options) as container:
        container.metadata["location"] = "+31.2304+121.4737/"
        container.metadata["com.apple.quicktime.location.ISO6709"] = "+31.2304+121.4737/"
        stream = container.add_stream(codec, rate=15)
        stream.width, stream.height = size
        stream.pix_fmt = "yuv420p"
        picture = photo(*size)
        for n in range(int(seconds * 15)):
            frame = av.VideoFrame.from_image(picture.rotate(n))
            frame.pts, frame.time_base = n, Fraction(1, 15)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path.read_bytes()
