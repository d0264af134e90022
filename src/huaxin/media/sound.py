"""Voice messages as one form that every browser plays: AAC-LC in .m4a, mono, 24 kHz, index in front.

Runs in the worker process only.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from numpy.typing import NDArray

from huaxin.media.model import MediaError

RATE = 24_000
BIT_RATE = 32_000
LONGEST_S = 600
SHORTEST_S = 0.1
BARS = 64
# The demuxer is chosen by what was sniffed: ffmpeg must not guess a playlist that opens other files.
DEMUXERS = {
    "audio/mp4": "mov",
    "video/mp4": "mov",
    "video/quicktime": "mov",
    "video/3gpp": "mov",
    "video/webm": "matroska",
    "video/x-matroska": "matroska",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "audio/wav": "wav",
    "audio/aac": "aac",
    "audio/flac": "flac",
    "audio/amr": "amr",
}


def make_voice(source: Path, kind: str, out: Path) -> dict[str, Any]:
    """Writes original.m4a into `out`. A file cut off keeps what can be heard of it.

    Raises MediaError media.type, media.long or media.broken.
    """
    if kind not in DEMUXERS:
        raise MediaError("media.type", "This is not a sound.", kind)
    with source.open("rb") as file:
        samples = _decode(file, DEMUXERS[kind])
    if len(samples) < RATE * SHORTEST_S:
        raise MediaError("media.broken", "Nothing can be heard in this recording.", len(samples))
    _encode(samples, out / "original.m4a")
    return {
        "kind": "voice",
        "duration_ms": round(len(samples) * 1000 / RATE),
        "waveform": waveform(samples),
        "files": {"original": ["original.m4a", "audio/mp4"]},
    }


def _decode(file: Any, demuxer: str) -> NDArray[np.int16]:
    resampler = AudioResampler(format="s16", layout="mono", rate=RATE)
    parts: list[NDArray[np.int16]] = []
    total = 0
    try:
        with av.open(file, "r", format=demuxer) as container:
            if not container.streams.audio:
                raise MediaError("media.type", "There is no sound in this file.", demuxer)
            for frame in _frames(container, resampler):
                part = frame.to_ndarray().reshape(-1).astype(np.int16, copy=False)
                total += len(part)
                if total > RATE * LONGEST_S:
                    raise MediaError("media.long", "A voice message has up to 10 minutes.", LONGEST_S)
                parts.append(part)
    except (av.FFmpegError, EOFError, ValueError) as wrong:
        # Cut off or damaged further on: what was said until then is worth keeping.
        if not parts:
            raise MediaError("media.broken", "This recording is damaged.", str(wrong)[:100]) from wrong
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)


def _frames(container: Any, resampler: AudioResampler) -> Iterator[AudioFrame]:
    for frame in container.decode(container.streams.audio[0]):
        frame.pts = None  # recorders leave gaps; a voice message is as long as what was recorded
        yield from resampler.resample(frame)
    yield from resampler.resample(None)


def _encode(samples: NDArray[np.int16], target: Path) -> None:
    options = {"movflags": "+faststart", "fflags": "+bitexact"}
    with av.open(str(target), "w", format="ipod", options=options) as container:
        stream = container.add_stream("aac", rate=RATE, layout="mono")
        stream.bit_rate = BIT_RATE
        for start in range(0, len(samples), RATE):
            frame = AudioFrame.from_ndarray(
                np.ascontiguousarray(samples[start : start + RATE]).reshape(1, -1),
                format="s16",
                layout="mono",
            )
            frame.sample_rate, frame.pts = RATE, start
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))


def waveform(samples: NDArray[np.int16], bars: int = BARS) -> list[int]:
    """Loudness of equal parts, 0..100, the loudest near 100; silence stays flat."""
    count = max(1, min(bars, len(samples) * 20 // RATE))  # a bar is never under 50 ms
    loud = [float(np.sqrt(np.mean(part.astype(np.float64) ** 2))) for part in np.array_split(samples, count)]
    # A room's hum alone must not look like shouting.
    most = max(*loud, 600.0) if len(loud) > 1 else max(loud[0], 600.0)
    return [round(100 * (one / most) ** 0.6) for one in loud]
