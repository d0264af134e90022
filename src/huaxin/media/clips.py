"""Clips as MP4 with H.264 and AAC, index in front, without anything a phone wrote beside them.

Runs in the worker process only. What is H.264 already is only packed anew; the rest is made again, smaller.
"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.audio.resampler import AudioResampler
from PIL import Image

from huaxin.media.model import MediaError
from huaxin.media.pictures import write_thumb
from huaxin.media.sound import DEMUXERS

LONGEST_S = 300  # that is made again; longer clips travel as files
LONGEST_EDGE = 1280
_PACK = {"movflags": "+faststart", "fflags": "+bitexact"}


class AsFile(Exception):
    """A clip nobody here can make playable: it is still good as a file."""


def make_clip(source: Path, kind: str, out: Path) -> dict[str, Any]:
    """Writes original.mp4 and thumb.jpg into `out`. Raises MediaError, or AsFile."""
    if kind not in DEMUXERS:
        raise MediaError("media.type", "This is not a clip.", kind)
    demuxer = DEMUXERS[kind]
    width, height, poster = _poster(source, demuxer)
    target = out / "original.mp4"
    try:
        if _is_playable(source, demuxer):
            _pack(source, demuxer, target)
        else:
            _make_again(source, demuxer, target)
        duration_ms = _duration(target)
    except (av.FFmpegError, EOFError, ValueError) as wrong:
        raise AsFile(str(wrong)) from wrong
    return {
        "kind": "video",
        "width": width,
        "height": height,
        "duration_ms": duration_ms,
        **write_thumb(poster, out),
        "files": {"original": ["original.mp4", "video/mp4"], "thumb": ["thumb.jpg", "image/jpeg"]},
    }


def _poster(source: Path, demuxer: str) -> tuple[int, int, Image.Image]:
    """The first picture of the clip, upright. Raises MediaError media.type or media.broken."""
    try:
        with source.open("rb") as file, av.open(file, "r", format=demuxer) as container:
            if not container.streams.video:
                raise MediaError("media.type", "There is no picture in this clip.", demuxer)
            for frame in container.decode(container.streams.video[0]):
                picture = _image(frame)
                return picture.width, picture.height, picture
    except (av.FFmpegError, EOFError, ValueError) as wrong:
        raise MediaError("media.broken", "This clip is damaged.", str(wrong)[:100]) from wrong
    raise MediaError("media.broken", "There is no picture in this clip.")


def _image(frame: Any) -> Image.Image:
    """A frame as it is to be seen: its rotation is counted against the clock, as Pillow counts."""
    picture: Image.Image = frame.to_image()
    return picture.rotate(frame.rotation, expand=True) if frame.rotation else picture


def _is_playable(source: Path, demuxer: str) -> bool:
    """H.264 in the colours browsers know, and sound that is AAC or none."""
    with source.open("rb") as file, av.open(file, "r", format=demuxer) as container:
        video = container.streams.video[0].codec_context
        sounds = container.streams.audio
        plain = video.name == "h264" and video.pix_fmt in ("yuv420p", "yuvj420p")
        return plain and demuxer == "mov" and (not sounds or sounds[0].codec_context.name == "aac")


def _pack(source: Path, demuxer: str, target: Path) -> None:
    """The same packets in a new box: one picture, one sound, no position, no names, no other tracks."""
    with source.open("rb") as file, av.open(file, "r", format=demuxer) as old:
        taken = [*old.streams.video[:1], *old.streams.audio[:1]]
        with av.open(str(target), "w", format="mp4", options=_PACK) as new:
            streams = {one.index: new.add_stream_from_template(one) for one in taken}
            for packet in old.demux(taken):
                if packet.dts is not None:
                    packet.stream = streams[packet.stream.index]
                    new.mux(packet)


def _make_again(source: Path, demuxer: str, target: Path) -> None:
    with source.open("rb") as file, av.open(file, "r", format=demuxer) as old:
        picture = old.streams.video[0]
        sounds = old.streams.audio[:1]
        with av.open(str(target), "w", format="mp4", options=_PACK) as new:
            _Making(picture, sounds[0] if sounds else None, new).run(old)


class _Making:
    """Decodes, scales and encodes one clip."""

    def __init__(self, picture: Any, sound: Any, new: Any) -> None:
        self._picture, self._sound, self._new = picture, sound, new
        self._video: Any = None
        self._audio: Any = None
        self._last = -1
        self._heard = 0
        if sound is not None:
            self._audio = new.add_stream("aac", rate=44_100, layout="mono")
            self._audio.bit_rate = 64_000
            self._resampler = AudioResampler(format="fltp", layout="mono", rate=44_100)

    def run(self, old: Any) -> None:
        streams = [self._picture] if self._sound is None else [self._picture, self._sound]
        picture_index = self._picture.index
        for packet in old.demux(streams):
            for frame in packet.decode():
                if packet.stream.index == picture_index:
                    self._show(frame)
                else:
                    self._say(frame)
        if self._video is None:
            raise AsFile("no picture could be decoded")
        self._new.mux(self._video.encode(None))
        if self._audio is not None:
            for frame in self._resampler.resample(None):
                self._mux_sound(frame)
            self._new.mux(self._audio.encode(None))

    def _show(self, frame: Any) -> None:
        at = round(frame.time * 1000) if frame.time is not None else self._last + 33
        if at > LONGEST_S * 1000:
            raise AsFile("longer than is made again here")
        if at <= self._last:
            return
        self._last = at
        frames: Any = av.VideoFrame
        shown = frames.from_image(_image(frame)) if frame.rotation else frame
        if self._video is None:
            self._begin(shown)
        shown = shown.reformat(width=self._video.width, height=self._video.height, format="yuv420p")
        shown.pts, shown.time_base = at, self._video.codec_context.time_base
        self._new.mux(self._video.encode(shown))

    def _begin(self, frame: Any) -> None:
        share = min(1.0, LONGEST_EDGE / max(frame.width, frame.height))
        options = {"preset": "veryfast", "crf": "27", "threads": "2"}
        self._video = self._new.add_stream("libx264", rate=30, options=options)
        self._video.width = max(2, int(frame.width * share) // 2 * 2)
        self._video.height = max(2, int(frame.height * share) // 2 * 2)
        self._video.pix_fmt = "yuv420p"
        self._video.codec_context.time_base = Fraction(1, 1000)

    def _say(self, frame: Any) -> None:
        frame.pts = None
        for one in self._resampler.resample(frame):
            self._mux_sound(one)

    def _mux_sound(self, frame: Any) -> None:
        frame.pts = self._heard
        self._heard += frame.samples
        self._new.mux(self._audio.encode(frame))


def _duration(target: Path) -> int:
    with av.open(str(target)) as made:
        return round((made.duration or 0) / 1000)
