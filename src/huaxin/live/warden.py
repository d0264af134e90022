"""Ends sessions that rest on rights their person no longer has.

A session carries what was true when it connected. When a login is ended, or somebody joins or leaves a shop,
their sessions are told to come back: they connect and subscribe anew with what they are now, or not at all.
"""

import asyncio
import logging
from collections.abc import Callable

from huaxin.gateway.codes import FORCE_RECONNECT
from huaxin.gateway.gateway import Gateway
from huaxin.people.model import Principal
from huaxin.people.service import People

log = logging.getLogger(__name__)
LOOK_S = 60.0  # what another process changed is seen after this (PE-16)


class Warden:
    """Changes on this node at once, those of other processes (the command line, another node) each minute."""

    def __init__(self, gateway: Gateway, people: People) -> None:
        self._gateway, self._people = gateway, people
        people.changed.append(self.end)

    def end(self, about: Callable[[Principal], bool]) -> int:
        """Sends the sessions of these principals to connect anew; returns how many."""
        gone = [one for one in self._gateway.sessions if one.who.claims is not None and about(one.who.claims)]
        for session in gone:
            session.disconnect(FORCE_RECONNECT)
        return len(gone)

    async def look(self) -> int:
        """Compares the open sessions with what is true now; returns how many it ended."""
        known = [one.who.claims for one in self._gateway.sessions if one.who.claims is not None]
        if not known:
            return 0
        devices = await self._people.find_changed(known)
        return self.end(lambda who: who.device in devices) if devices else 0

    async def watch(self) -> None:
        """Looks again and again, until cancelled."""
        while True:
            await asyncio.sleep(LOOK_S)
            try:
                await self.look()
            except Exception:
                log.exception("rights could not be looked at; the next look tries again")
