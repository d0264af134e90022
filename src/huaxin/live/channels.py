"""The names of channels."""

import msgspec


class ChannelName(msgspec.Struct, frozen=True):
    kind: str  # order | shop | run | track | me
    key: str  # order id, shop id or person
    courier: str = ""  # run only


KINDS = frozenset({"order", "shop", "run", "track", "me"})


def parse_channel(name: str) -> ChannelName | None:
    kind, _, rest = name.partition(":")
    if kind not in KINDS or not rest:
        return None
    if kind == "run":
        shop, _, courier = rest.partition(":")
        return ChannelName(kind, shop, courier) if courier else None
    return ChannelName(kind, rest)


def order_channel(order: str) -> str:
    return f"order:{order}"


def shop_channel(shop: str) -> str:
    return f"shop:{shop}"


def run_channel(shop: str, courier: str) -> str:
    return f"run:{shop}:{courier}"


def track_channel(order: str) -> str:
    return f"track:{order}"


def me_channel(person: str) -> str:
    return f"me:{person}"
