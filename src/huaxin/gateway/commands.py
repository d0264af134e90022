"""What each command of a connected session does. Permission comes from the grant the policy gave."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import msgspec

from . import codes
from .codes import Error
from .hub import Subscription
from .ports import Grant, Position, Publication, Refused
from .protocol import (
    Command,
    ConnectResult,
    HistoryRequest,
    HistoryResult,
    PresenceStats,
    PublishRequest,
    RefreshRequest,
    RefreshResult,
    SubRefreshRequest,
    SubscribeRequest,
    SubscribeResult,
    encode_body,
    encode_error,
    encode_presence,
    encode_result,
    put_on_one_line,
    wrap_publications,
)

if TYPE_CHECKING:
    from .session import Session

_REJECT_UNRECOVERED = 2  # subscribe flag: answer UNRECOVERABLE_POSITION instead of recovered=false


def refuse(error: Error) -> Refused:
    return Refused(error.code, error.message, temporary=error.temporary)


def count_ttl(expire_at: int) -> int:
    """Seconds the client has until it must refresh; 0 when it need not."""
    return max(1, expire_at - int(time.time())) if expire_at else 0


def get_exclusive_channel(command: Command) -> str | None:
    """The channel within which this command must keep its order, if there is one."""
    if command.subscribe is not None:
        return command.subscribe.channel
    if command.unsubscribe is not None:
        return command.unsubscribe.channel
    if command.sub_refresh is not None:
        return command.sub_refresh.channel
    return None


def answer_at_once(session: Session, command: Command) -> bool:
    """Answers commands that need nothing from the application; False when the command does."""
    if command.ping is not None:
        session.push(encode_result(command.id, "ping"))
        return True
    if command.request is None:
        session.push(encode_error(command.id, codes.METHOD_NOT_FOUND))
        return True
    return False


def describe_session(session: Session) -> ConnectResult:
    """What a client is told when it has connected."""
    gateway, emulated = session.gateway, session.transport.emulated
    who, config = session.who, gateway.config
    return ConnectResult(
        client=session.client,
        version=config.version,
        ping=max(1, round(config.ping_interval)),
        pong=True,
        expires=who.expire_at > 0,
        ttl=count_ttl(who.expire_at),
        session=session.key if emulated else "",
        node=gateway.node if emulated else "",
    )


async def run_message(session: Session, command: Command) -> None:
    """rpc and send. The session runs these and `run_publish` one after another."""
    handler = session.gateway.handler
    rpc = command.rpc
    if rpc is not None:
        data = await handler.rpc(session.who, rpc.method, bytes(rpc.data))
        session.answer(b'{"id":%d,"rpc":{"data":%b}}' % (command.id, put_on_one_line(data)))
    elif command.send is not None:
        # A message without an answer: an rpc without a name whose result nobody hears.
        await handler.rpc(session.who, "", bytes(command.send.data))
        if command.id:
            session.answer(encode_result(command.id, "send"))


async def run_publish(session: Session, id: int, request: PublishRequest) -> None:
    channel = request.channel
    subscription = session.subscriptions.get(channel)
    if subscription is not None:
        grant = subscription.grant
    else:
        grant = await _access_grant(session, channel)
    if not grant.publish:
        raise refuse(codes.PERMISSION_DENIED)
    data = bytes(request.data)
    if data == b"null":
        raise refuse(codes.BAD_REQUEST)
    await session.gateway.handler.publish(session.who, channel, data)
    session.answer(b'{"id":%d,"publish":{}}' % id)


async def run(session: Session, command: Command) -> None:
    """Every other command that has to ask the application."""
    id = command.id
    if command.subscribe is not None:
        await _subscribe(session, id, command.subscribe)
    elif command.unsubscribe is not None:
        _unsubscribe(session, id, command.unsubscribe.channel)
    elif command.sub_refresh is not None:
        await _refresh_subscription(session, id, command.sub_refresh)
    elif command.history is not None:
        await _read_history(session, id, command.history)
    elif command.presence is not None:
        await _access_presence(session, command.presence.channel)
        entries = session.gateway.hub.presence(command.presence.channel)
        session.answer(encode_result(id, "presence", encode_presence(entries)))
    elif command.presence_stats is not None:
        await _access_presence(session, command.presence_stats.channel)
        clients, users = session.gateway.hub.count_presence(command.presence_stats.channel)
        stats = PresenceStats(num_clients=clients, num_users=users)
        session.answer(encode_result(id, "presence_stats", encode_body(stats)))
    elif command.refresh is not None:
        await _refresh(session, id, command.refresh)


async def _access_grant(session: Session, channel: str) -> Grant:
    """The grant of a subscribed channel, or what the policy would grant on one that is not."""
    subscription = session.subscriptions.get(channel)
    if subscription is not None:
        return subscription.grant
    _check_channel(session, channel)
    return await session.gateway.policy.subscribe(session.who, channel, "", None)


async def _access_presence(session: Session, channel: str) -> None:
    if not (await _access_grant(session, channel)).presence:
        raise refuse(codes.PERMISSION_DENIED)


def _check_channel(session: Session, channel: str) -> None:
    if not channel or len(channel) > session.gateway.config.max_channel_length:
        raise refuse(codes.BAD_REQUEST)


async def _subscribe(session: Session, id: int, request: SubscribeRequest) -> None:
    gateway = session.gateway
    channel = request.channel
    if session.is_closed:
        return
    _check_channel(session, channel)
    if channel in session.subscriptions:
        raise refuse(codes.ALREADY_SUBSCRIBED)
    if len(session.subscriptions) >= gateway.config.max_channels:
        raise refuse(codes.LIMIT_EXCEEDED)
    data = None if request.data is None else bytes(request.data)
    grant = await gateway.policy.subscribe(session.who, channel, request.token, data)
    if session.is_closed:
        return
    if grant.expire_at and grant.expire_at <= time.time():
        raise refuse(codes.TOKEN_EXPIRED)
    # Registered before the source is read: what commits meanwhile is held, not missed.
    subscription = gateway.hub.register(session, channel, grant)
    done = False
    try:
        result, position = await _recover(session, subscription, request)
        if session.is_closed:
            return
        if gateway.hub.channels.get(channel) is not subscription.channel or (
            subscription.channel.subscriptions.get(session.client) is not subscription
        ):
            # Revoked or reset while the source was read. The client asks again and gets the new truth.
            raise Refused(codes.INTERNAL.code, "subscription ended meanwhile", temporary=True)
        session.subscriptions[channel] = subscription
        session.push(encode_result(id, "subscribe", encode_body(result)))
        done = gateway.hub.complete(subscription, position)
        if not done:
            session.disconnect(codes.INSUFFICIENT_STATE)
            return
        gateway.tell_joined(session.who, channel)
    finally:
        if not done:
            session.subscriptions.pop(channel, None)
            gateway.hub.leave(subscription)


async def _recover(
    session: Session, subscription: Subscription, request: SubscribeRequest
) -> tuple[SubscribeResult, int]:
    """The subscribe result, and the offset up to which the client will have everything."""
    gateway = session.gateway
    grant = subscription.grant
    channel = request.channel
    result = SubscribeResult(expires=grant.expire_at > 0, ttl=count_ttl(grant.expire_at))
    if not grant.recoverable:
        return result, 0
    result.recoverable = result.positioned = True
    if not request.recover:
        head = await gateway.source.head(session.who, channel)
        result.epoch, result.offset = head.epoch, head.offset
        return result, head.offset
    limit = gateway.config.recovery_limit
    found = await gateway.source.since(session.who, channel, grant.view, request.offset, request.epoch, limit)
    position = found.position
    recovered = found.complete and request.epoch in ("", position.epoch)
    result.was_recovering = True
    result.recovered = recovered
    result.epoch, result.offset = position.epoch, position.offset
    if not recovered:
        gateway.metrics.unrecovered += 1
        if request.flag & _REJECT_UNRECOVERED:
            raise refuse(codes.UNRECOVERABLE_POSITION)
        return result, position.offset
    gateway.metrics.recovered += 1
    result.publications = wrap_publications(found.publications)
    if result.publications:
        # The client moves its cursor with each publication it has handled; a client that stops half way
        # must come back to where it was, not to the end.
        result.offset = request.offset
    return result, position.offset


def _unsubscribe(session: Session, id: int, channel: str) -> None:
    subscription = session.subscriptions.pop(channel, None)
    if subscription is not None:
        session.gateway.hub.leave(subscription)
        session.gateway.tell_left(session.who, channel)
        session.forget_signals(channel)
    session.answer(encode_result(id, "unsubscribe"))


async def _refresh(session: Session, id: int, request: RefreshRequest) -> None:
    gateway = session.gateway
    before = session.who
    who = await gateway.policy.refresh(request.token)
    if session.is_closed:
        return
    if who.user != before.user:
        session.disconnect(codes.INVALID_TOKEN)
        return
    if who.expire_at and who.expire_at <= time.time():
        raise refuse(codes.TOKEN_EXPIRED)
    who = msgspec.structs.replace(who, client=session.client)
    session.who = who
    result = RefreshResult(
        client=session.client,
        version=gateway.config.version,
        expires=who.expire_at > 0,
        ttl=count_ttl(who.expire_at),
    )
    session.answer(encode_result(id, "refresh", encode_body(result)))


async def _refresh_subscription(session: Session, id: int, request: SubRefreshRequest) -> None:
    subscription = session.subscriptions.get(request.channel)
    if subscription is None:
        raise refuse(codes.PERMISSION_DENIED)
    grant = await session.gateway.policy.subscribe(session.who, request.channel, request.token, None)
    if session.subscriptions.get(request.channel) is not subscription:
        return
    if grant.expire_at and grant.expire_at <= time.time():
        raise refuse(codes.TOKEN_EXPIRED)
    result = RefreshResult(expires=grant.expire_at > 0, ttl=count_ttl(grant.expire_at))
    session.answer(encode_result(id, "sub_refresh", encode_body(result)))
    before = subscription.grant
    if msgspec.structs.replace(grant, expire_at=0) == msgspec.structs.replace(before, expire_at=0):
        subscription.grant = grant
    else:
        # Other rights: begin anew rather than change what a live subscription sees.
        session.end_subscription(subscription, codes.RESUBSCRIBE)


async def _read_history(session: Session, id: int, request: HistoryRequest) -> None:
    gateway = session.gateway
    grant = await _access_grant(session, request.channel)
    if not grant.history:
        raise refuse(codes.PERMISSION_DENIED)
    cap = gateway.config.history_limit
    limit = cap if request.limit < 0 else min(request.limit, cap)
    publications: list[Publication] = []
    if limit == 0:
        position = await gateway.source.head(session.who, request.channel)
    else:
        since = request.since
        found = await gateway.source.history(
            session.who,
            request.channel,
            grant.view,
            None if since is None else Position(since.epoch, since.offset),
            limit,
            request.reverse,
        )
        if not found.complete:
            raise refuse(codes.UNRECOVERABLE_POSITION)
        position = found.position
        publications = list(found.publications)
    result = HistoryResult(
        publications=wrap_publications(publications), epoch=position.epoch, offset=position.offset
    )
    session.answer(encode_result(id, "history", encode_body(result)))
