"""The knobs of a gateway, with the reason for each default."""

import msgspec


class GatewayConfig(msgspec.Struct, frozen=True, kw_only=True):
    """Times are seconds, sizes are bytes. Zero never means "no limit": every queue is bounded."""

    ping_interval: float = 25.0  # below the 30-60 s after which proxies and NATs forget a quiet socket
    pong_timeout: float = 10.0  # at most ping_interval
    stale_after: float = 10.0  # a socket that has not sent its connect command by then is closed
    expired_grace: float = 10.0  # clients refresh exactly at expiry; give the refresh time to travel
    max_message: int = 64 * 1024  # one message from a client
    max_frame: int = 64 * 1024  # gathered replies are split into frames of about this size
    max_backlog: int = 1024 * 1024  # what may wait for one session that does not read
    max_pending: int = 64  # commands waiting in one session before reading from it pauses
    max_inbox: int = 4096  # commands waiting in one session before it is disconnected
    max_channels: int = 512  # subscriptions of one session
    max_channel_length: int = 255
    max_buffered: int = 4096  # publications held for one subscription while its recovery is read
    recovery_limit: int = 1000  # publications a recovery may bring; more means a fresh snapshot
    history_limit: int = 1000  # publications one history page may bring
    max_sessions: int = 200_000
    close_timeout: float = 5.0  # wait for the peer's close frame, then drop the socket
    handshake_timeout: float = 5.0  # from accept to a complete request head
    allowed_origins: tuple[str, ...] = ()  # besides the server's own; "*" allows all
    version: str = "huaxin"
