"""The real applications in a call: what somebody taps, and what comes through their connections."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from playwright.async_api import Locator, Page

# Before the page's own program: every connection is counted, and may be told to go by the relay alone.
PROBE = """
(() => {
  const Real = RTCPeerConnection
  const way = '__WAY__'
  const kept = (config) => !way ? config : {
    ...config,
    iceTransportPolicy: 'relay',
    iceServers: (config.iceServers ?? [])
      .map((one) => ({ ...one, urls: [one.urls].flat().filter((url) => url.startsWith('turn')) }))
      .map((one) => ({ ...one, urls: one.urls.filter((url) => url.endsWith(way)) }))
      .filter((one) => one.urls.length > 0),
  }
  globalThis.__pcs = []
  globalThis.RTCPeerConnection = class extends Real {
    constructor(config) {
      super(kept(config))
      __pcs.push(this)
    }
    setConfiguration(config) {
      super.setConfiguration(kept(config))
    }
  }
  globalThis.__calls = async () => {
    const found = { connected: 0, audio: 0, video: 0, frames: 0, sent: 0, ways: [] }
    for (const pc of __pcs) {
      if (pc.connectionState === 'closed') continue
      if (pc.connectionState === 'connected') found.connected += 1
      for (const row of (await pc.getStats()).values()) {
        if (row.type === 'inbound-rtp' && row.kind === 'audio') found.audio += row.bytesReceived ?? 0
        if (row.type === 'inbound-rtp' && row.kind === 'video') {
          found.video += row.bytesReceived ?? 0
          found.frames += row.framesDecoded ?? 0
        }
        if (row.type === 'outbound-rtp' && row.kind === 'video') found.sent += row.bytesSent ?? 0
        if (row.type === 'local-candidate') {
          found.ways.push(row.candidateType === 'relay' ? row.relayProtocol : row.candidateType)
        }
      }
    }
    return found
  }
})()
"""


def probe(way: str = "") -> str:
    """`way`: udp or tcp, by the relay alone; empty: as the browser finds it."""
    return PROBE.replace("__WAY__", way)


@dataclass
class CallPage:
    """One application in one window, in the hand of somebody who calls."""

    page: Page

    def act(self, name: str) -> Locator:
        """A button of the call's screens, by what it does."""
        return self.page.locator(f'[data-call-act="{name}"]')

    async def ring(self, role: str, media: str = "audio") -> None:
        """From the order's own call button: whom, and how."""
        await self.page.locator("[data-call-open]").first.click()
        await self.page.locator(f'dialog[open] [data-ring="{role}-{media}"]').click()

    async def rung(self) -> float:
        """Seconds until the ring is on the screen."""
        began = time.monotonic()
        await self.page.locator("dialog.ring").wait_for()
        return time.monotonic() - began

    async def answer(self) -> None:
        await self.act("answer").click()

    async def hang_up(self) -> None:
        await self.act("hang").first.click()

    async def phase(self) -> str:
        screen = self.page.locator("[data-call-phase]")
        return (await screen.get_attribute("data-call-phase") or "") if await screen.count() else ""

    async def talking(self) -> None:
        await self.page.locator('[data-call-phase="talking"]').wait_for()

    async def figures(self) -> dict[str, Any]:
        found: dict[str, Any] = await self.page.evaluate("__calls()")
        return found

    def hears(self, since: dict[str, Any]) -> Callable[[], Awaitable[bool]]:
        async def check() -> bool:
            now = await self.figures()
            return bool(now["connected"] and now["audio"] > since["audio"])

        return check

    async def sees(self) -> bool:
        """A picture of somebody else moves on the screen."""
        return bool((await self.figures())["frames"])

    async def lines(self) -> list[str]:
        """The calls that are over, as they stand in the conversation."""
        found = await self.page.locator(".conversation [data-call]").all_inner_texts()
        return [" ".join(one.split()) for one in found]
