"""Who listens to what, and the one way publications reach them.

The application calls `deliver` per channel in order of offset. Each (channel, view) is encoded once and
the same bytes go to every session of that view. A subscription becomes live without a race:

    waiting, buffering   registered; publications are held while the recovery is read from the source
    waiting, ahead       the source read further than the hub has delivered; skip until it catches up
    live                 in the channel's view, on the fast path

so no session sees a gap, a double or disorder, whatever arrives in the middle of its recovery.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from . import codes
from .codes import Unsubscribe
from .metrics import Metrics
from .outlet import Flusher
from .ports import Grant
from .protocol import (
    encode_info,
    encode_join_push,
    encode_leave_push,
    encode_pub_push,
    encode_push_head,
    put_on_one_line,
)

if TYPE_CHECKING:
    from .session import Session


class Subscription:
    """One session on one channel."""

    __slots__ = ("buffer", "channel", "grant", "info", "position", "session", "signals")

    def __init__(self, session: Session, channel: Channel, grant: Grant, info: bytes) -> None:
        self.session = session
        self.channel = channel
        self.grant = grant
        self.info = info
        self.position = 0  # what the source has given; later publications come from the hub
        self.buffer: list[tuple[int, bytes]] | None = []  # None once live or ahead
        self.signals: dict[str, bytes] | None = None  # newest per key, while buffering

    @property
    def is_seen(self) -> bool:
        """Whether others find this session in the channel's presence."""
        return self.grant.presence or self.grant.emit_join_leave


class Channel:
    """A channel somebody listens to; it exists only while somebody does."""

    __slots__ = ("head", "name", "position", "subscriptions", "views", "waiting", "watchers")

    def __init__(self, name: str) -> None:
        self.name = name
        self.head = encode_push_head(name)
        self.position = 0  # offset of the last delivery since the channel exists here
        self.subscriptions: dict[str, Subscription] = {}  # by client id
        self.views: dict[str, dict[Session, None]] = {}  # live sessions by view
        self.waiting: list[Subscription] = []
        self.watchers = 0  # subscriptions that want join/leave pushes

    def make_live(self, subscription: Subscription) -> None:
        self.views.setdefault(subscription.grant.view, {})[subscription.session] = None


class Hub:
    """All channels of one gateway. Everything here is synchronous and runs on the loop's thread."""

    __slots__ = ("_flusher", "_max_buffered", "channels", "metrics")

    def __init__(self, flusher: Flusher, metrics: Metrics, max_buffered: int) -> None:
        self._flusher = flusher
        self._max_buffered = max_buffered
        self.metrics = metrics
        self.channels: dict[str, Channel] = {}

    # -- for the application ---------------------------------------------------------------------

    def deliver(
        self, channel: str, offset: int, payloads: Mapping[str, bytes], info: bytes | None = None
    ) -> int:
        """Sends one publication to all live sessions; returns to how many.

        `payloads` maps a view to raw JSON; sessions of a view that is not in it get nothing. Offsets of a
        channel must rise; one not above the last is taken for a repeated wake and ignored. Offset 0 is a
        publication outside any history (no order, no recovery) that still may not be dropped.
        """
        self.metrics.publications += 1
        at = self.channels.get(channel)
        if at is None:
            return 0
        if offset:
            if offset <= at.position:
                return 0
            at.position = offset
        if at.waiting:
            self._deliver_waiting(at, offset, payloads, info)
        flusher = self._flusher
        dirty = flusher.dirty
        count = 0
        last: bytes | None = None
        push = b""
        for view, data in payloads.items():
            sessions = at.views.get(view)
            if not sessions:
                continue
            if data is not last:  # a message is the same bytes for every view
                last = data
                push = encode_pub_push(at.head, data, offset, info)
            for session in sessions:
                out = session.out
                if not out:
                    dirty.append(session)
                out.append(push)
            count += len(sessions)
        if count:
            self.metrics.deliveries += count
            if not flusher.is_scheduled:
                flusher.schedule()
        return count

    def signal(self, channel: str, payload: bytes | Mapping[str, bytes], key: str = "") -> int:
        """Sends a droppable value outside the history; for a slow session only the newest per key is kept.

        `payload` is raw JSON for every view, or raw JSON per view.
        """
        at = self.channels.get(channel)
        if at is None:
            return 0
        count = 0
        pushes: dict[str, bytes | None] = {}
        for subscription in at.subscriptions.values():
            view = subscription.grant.view
            if view not in pushes:
                data = payload if isinstance(payload, bytes) else payload.get(view)
                pushes[view] = None if data is None else encode_pub_push(at.head, data, 0, None)
            push = pushes[view]
            if push is None:
                continue
            if subscription.buffer is None:
                subscription.session.push_signal(channel, key, push)
                count += 1
            else:
                if subscription.signals is None:
                    subscription.signals = {}
                subscription.signals[key] = push
        self.metrics.deliveries += count
        return count

    def revoke(self, channel: str, user: str, why: Unsubscribe = codes.BY_SERVER) -> int:
        """Ends a person's subscriptions to a channel, on all devices; returns how many."""
        at = self.channels.get(channel)
        if at is None:
            return 0
        gone = [s for s in at.subscriptions.values() if s.session.user == user]
        for subscription in gone:
            subscription.session.end_subscription(subscription, why)
        return len(gone)

    def reset(self, channel: str, why: Unsubscribe = codes.RESUBSCRIBE) -> int:
        """The channel's history began anew (another epoch): everyone subscribes again and is told so."""
        at = self.channels.get(channel)
        if at is None:
            return 0
        at.position = 0
        gone = list(at.subscriptions.values())
        for subscription in gone:
            subscription.session.end_subscription(subscription, why)
        return len(gone)

    def subscribers(self, channel: str) -> int:
        at = self.channels.get(channel)
        return len(at.subscriptions) if at else 0

    def users(self, channel: str) -> Iterator[str]:
        """The people on a channel, one entry per session."""
        at = self.channels.get(channel)
        return iter([s.session.user for s in at.subscriptions.values()] if at else [])

    def presence(self, channel: str) -> dict[str, bytes]:
        """Encoded ClientInfo of everyone who may be seen on a channel, by client id."""
        at = self.channels.get(channel)
        if at is None:
            return {}
        seen = (s for s in at.subscriptions.values() if s.buffer is None and s.is_seen)
        return {s.session.client: s.info for s in seen}

    def count_presence(self, channel: str) -> tuple[int, int]:
        """Sessions and people who may be seen on a channel."""
        at = self.channels.get(channel)
        if at is None:
            return 0, 0
        seen = [s for s in at.subscriptions.values() if s.buffer is None and s.is_seen]
        return len(seen), len({s.session.user for s in seen})

    # -- for sessions ----------------------------------------------------------------------------

    def register(self, session: Session, name: str, grant: Grant) -> Subscription:
        """Begins to hold publications for a session; `complete` or `leave` must follow."""
        at = self.channels.get(name)
        if at is None:
            at = self.channels[name] = Channel(name)
        who = session.who
        info = encode_info(who.user, session.client, who.info)
        subscription = Subscription(session, at, grant, info)
        at.subscriptions[session.client] = subscription
        at.waiting.append(subscription)
        self.metrics.subscriptions += 1
        return subscription

    def complete(self, subscription: Subscription, position: int) -> bool:
        """The client has everything up to `position`: gives it what was held, then makes it live.

        False when more arrived meanwhile than may be held; the caller must send the client to recover.
        """
        at = subscription.channel
        held = subscription.buffer or []
        if len(held) > self._max_buffered:
            return False
        session = subscription.session
        for offset, push in held:
            if offset > position or not offset:
                session.push(push)
                self.metrics.deliveries += 1
                position = max(position, offset)
        subscription.buffer = None
        subscription.position = position
        if subscription.signals:
            for key, push in subscription.signals.items():
                session.push_signal(at.name, key, push)
            subscription.signals = None
        if at.position >= position:
            at.waiting.remove(subscription)
            at.make_live(subscription)
        if subscription.grant.join_leave:
            at.watchers += 1
        if subscription.grant.emit_join_leave and at.watchers:
            self._tell_watchers(at, subscription, encode_join_push(at.head, subscription.info))
        return True

    def leave(self, subscription: Subscription) -> None:
        """Ends a subscription in whatever state it is."""
        at = subscription.channel
        client = subscription.session.client
        if at.subscriptions.get(client) is not subscription:
            return
        del at.subscriptions[client]
        self.metrics.subscriptions -= 1
        sessions = at.views.get(subscription.grant.view)
        if sessions is not None and subscription.session in sessions:
            del sessions[subscription.session]
            if not sessions:
                del at.views[subscription.grant.view]
        elif subscription in at.waiting:
            at.waiting.remove(subscription)
        was_complete = subscription.buffer is None
        if was_complete and subscription.grant.join_leave:
            at.watchers -= 1
        if not at.subscriptions:
            del self.channels[at.name]
        elif was_complete and subscription.grant.emit_join_leave and at.watchers:
            self._tell_watchers(at, subscription, encode_leave_push(at.head, subscription.info))

    def _tell_watchers(self, at: Channel, about: Subscription, push: bytes) -> None:
        # A signal per client: a slow watcher learns the newest of join and leave, not the whole story.
        key = "\0presence:" + about.session.client
        for other in at.subscriptions.values():
            if other.grant.join_leave and other.buffer is None:
                other.session.push_signal(at.name, key, push)

    def _deliver_waiting(
        self, at: Channel, offset: int, payloads: Mapping[str, bytes], info: bytes | None
    ) -> None:
        still: list[Subscription] = []
        for subscription in at.waiting:
            data = payloads.get(subscription.grant.view)
            if subscription.buffer is not None:
                still.append(subscription)
                if data is not None and len(subscription.buffer) <= self._max_buffered:
                    push = encode_pub_push(at.head, put_on_one_line(data), offset, info)
                    subscription.buffer.append((offset, push))
            elif offset > subscription.position:
                at.make_live(subscription)  # the caller's next step is to send this very publication
            else:
                still.append(subscription)
                if not offset and data is not None:
                    subscription.session.push(encode_pub_push(at.head, data, 0, info))
        at.waiting = still
