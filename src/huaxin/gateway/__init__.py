"""A domain-free server of the Centrifuge client protocol: sessions, channels, recovery, back-pressure.

It knows no flowers. Whoever uses it gives it a policy, a source and a handler (see `ports`), and calls
`gateway.hub.deliver` and `signal`. It also runs alone: `huaxin gateway --open`.
"""

from .config import GatewayConfig
from .gateway import Gateway
from .hub import Hub
from .ports import (
    Grant,
    Handler,
    Identity,
    Observer,
    Policy,
    Position,
    Publication,
    Range,
    Refused,
    Source,
)

__all__ = [
    "Gateway",
    "GatewayConfig",
    "Grant",
    "Handler",
    "Hub",
    "Identity",
    "Observer",
    "Policy",
    "Position",
    "Publication",
    "Range",
    "Refused",
    "Source",
]
