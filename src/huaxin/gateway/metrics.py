"""Counters of one gateway. Plain integers: they are read often and written on the hot path."""

import msgspec


class Metrics(msgspec.Struct):
    """Monotonic since start, except `sessions` and `subscriptions`, which are current."""

    sessions: int = 0
    subscriptions: int = 0
    accepted: int = 0
    commands: int = 0
    publications: int = 0  # handed to the hub
    deliveries: int = 0  # handed to sessions
    bytes_in: int = 0
    bytes_out: int = 0
    writes: int = 0  # gathered batches handed to transports
    recovered: int = 0
    unrecovered: int = 0
    signals_dropped: int = 0
    slow_disconnects: int = 0
    no_pong_disconnects: int = 0
    bad_commands: int = 0
    internal_errors: int = 0
