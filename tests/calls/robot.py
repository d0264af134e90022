"""A second, independent client: aiortc rings a browser and talks with it, through the relay alone."""

import asyncio
import fractions
import json
import secrets
import time
from typing import Any

import av
import numpy as np
from aiortc import RTCConfiguration, RTCIceServer, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import AudioStreamTrack, VideoStreamTrack

from tests.calls.stage import Device, Stage, show, until
from tests.contract.live.clients import Line


class Picture(VideoStreamTrack):
    """A moving grey."""

    async def recv(self) -> av.VideoFrame:
        pts, time_base = await self.next_timestamp()
        grey = np.full((240, 320, 3), pts // 1000 % 256, dtype=np.uint8)
        frame = av.VideoFrame.from_ndarray(grey, format="rgb24")
        frame.pts, frame.time_base = pts, fractions.Fraction(time_base)
        return frame


def relayed_alone(sdp: str) -> str:
    """Without the candidates that are not the relay's."""
    lines = [line for line in sdp.split("\r\n") if not line.startswith("a=candidate") or " relay " in line]
    return "\r\n".join(lines)


class Robot:
    """One device in a call, over the server's own signals."""

    def __init__(self, stage: Stage, who: str) -> None:
        self.stage, self.member = stage, stage.people[who]
        self.id = "robot-" + secrets.token_hex(6)
        self.heard = {"audio": 0, "video": 0}
        self.pc: RTCPeerConnection | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        stage.persons[self.id] = self.member.person

    async def ring(self, role: str) -> None:
        await self.member.done("ring", **self.stage.fields, to=[role], media="video", device=self.id)
        servers = [
            RTCIceServer(urls=one["urls"], username=one["username"], credential=one["credential"])
            for one in (await self.member.ask("get_call_servers", **self.stage.fields))["ice_servers"]
            if "username" in one
        ]
        for one in servers:
            one.urls = [url for url in one.urls if url.endswith("udp")]
        self.pc = RTCPeerConnection(RTCConfiguration(iceServers=servers))
        self.pc.addTrack(AudioStreamTrack())
        self.pc.addTrack(Picture())
        self.pc.on("track", self._on_track)

    def _on_track(self, track: Any) -> None:
        task = asyncio.create_task(self._listen(track))
        self._tasks.add(task)

    async def _listen(self, track: Any) -> None:
        while True:
            await track.recv()
            self.heard[track.kind] += 1

    async def offer(self, other: Device) -> None:
        """aiortc has all its candidates in the offer."""
        assert self.pc is not None
        await self.pc.setLocalDescription(await self.pc.createOffer())
        sdp = relayed_alone(self.pc.localDescription.sdp)
        await self.member.done(
            "signal_call", **self.stage.fields, to_person=other.member.person, to_device=other.id,
            from_device=self.id, kind="offer", data=json.dumps({"sdp": sdp}),
        )  # fmt: skip

    async def take(self, signals: list[dict[str, Any]]) -> None:
        """The answer with the browser's candidates in it: it has gathered them when nothing more comes."""
        assert self.pc is not None
        mine = [one for one in signals if one["signal"] == "call" and one["to_device"] == self.id]
        answer = next(json.loads(one["data"])["sdp"] for one in mine if one["kind"] == "answer")
        found = [c for one in mine if one["kind"] == "ice" for c in json.loads(one["data"])["candidates"]]
        await self.pc.setRemoteDescription(RTCSessionDescription(with_candidates(answer, found), "answer"))

    async def close(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self.pc is not None:
            await self.pc.close()


def with_candidates(sdp: str, candidates: list[dict[str, Any]]) -> str:
    """Each into its own part of the description."""
    parts = sdp.split("\r\nm=")
    for one in candidates:
        n = 1 + int(one.get("sdpMLineIndex") or 0)
        parts[n] = parts[n].rstrip("\r\n") + f"\r\na={one['candidate']}"
    return "\r\nm=".join(part.rstrip("\r\n") for part in parts) + "\r\n"


async def robot_call(stage: Stage) -> None:
    await stage.quiet()
    stage.call = "call-" + secrets.token_hex(6)
    robot = Robot(stage, "zhang")
    line = await Line(robot.member).open()
    ears = await line.listen(f"me:{robot.member.person}")
    try:
        await robot.ring("buyer")
        page = await stage.device("li")
        await stage.open(page, video=True)
        began = time.monotonic()
        await page.member.done("answer_call", **stage.fields, device=page.id)
        await robot.offer(page)

        async def answered() -> bool:
            kinds = [one["kind"] for one in ears.signals if one["signal"] == "call"]
            return "answer" in kinds and kinds.count("ice") >= 1

        await until("the browser answers", answered)
        await asyncio.sleep(1.0)  # its further candidates
        await robot.take(ears.signals)

        async def talking() -> bool:
            (seen,) = await page.stats()
            both = robot.heard["audio"] > 50 and robot.heard["video"] > 15
            return bool(both and seen["frames"] > 15 and seen["audio"])

        await until("aiortc and the browser hear and see each other", talking)
        (seen,) = await page.stats()
        show(
            "aiortc ↔ Chromium, relay over UDP", all_after_s=time.monotonic() - began,
            frames_in_browser=seen["frames"], frames_in_aiortc=robot.heard["video"],
            audio_bytes_in_browser=seen["audio"], audio_frames_in_aiortc=robot.heard["audio"],
        )  # fmt: skip
        await stage.hang_up()
    finally:
        await robot.close()
        await line.close()
