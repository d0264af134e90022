"""What a device needs of the server for a call besides the order."""

import msgspec

from huaxin.kernel import Text


class IceServer(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """As RTCPeerConnection takes it."""

    urls: list[str]
    username: str = ""
    credential: str = ""


class CallServers(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """`relay` False: devices can only meet where they see each other; `words` say why."""

    ice_servers: list[IceServer]
    expires_at: int  # ms by the real clock: ask again before
    relay: bool
    words: Text | None = None


class MaskedLineView(msgspec.Struct, frozen=True, kw_only=True):
    """Dial `dial`: it leads to the other side, and neither sees the other's number. `shown`: 138****1234."""

    call: str
    dial: str
    shown: str
    until: int  # ms by the house's clock
    simulated: bool  # no telephone rings: nobody is to dial
