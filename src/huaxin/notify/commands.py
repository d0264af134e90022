"""What a person may wish of notices and devices, and what they are answered."""

from typing import Annotated

import msgspec
from msgspec import Meta

from huaxin.notify.model import NoticePreferences


class AddPush(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="add_push"):
    """This browser takes pushes for whoever is signed in in it (PushSubscription.toJSON)."""

    endpoint: Annotated[str, Meta(min_length=10, max_length=1_000)]
    p256dh: Annotated[str, Meta(min_length=80, max_length=100)]
    auth: Annotated[str, Meta(min_length=16, max_length=40)]
    app: Annotated[str, Meta(max_length=10)] = "buyer"  # buyer | guest | courier | shop


class RemovePush(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="remove_push"):
    endpoint: Annotated[str, Meta(max_length=1_000)]


class TryPush(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="try_push"):
    """A push to the devices of the one who asks, to see that it works."""


class SetNoticePreferences(
    NoticePreferences, frozen=True, kw_only=True, tag_field="command", tag="set_notice_preferences"
):
    """All of them at once; what is left out is as at the beginning."""


class SignOutDevice(msgspec.Struct, frozen=True, kw_only=True, tag_field="command", tag="sign_out_device"):
    """Ends a login of one's own on another device, at once."""

    device: Annotated[str, Meta(min_length=1, max_length=64)]


WISHES = (AddPush, RemovePush, TryPush, SetNoticePreferences, SignOutDevice)


class PushKey(msgspec.Struct, frozen=True, kw_only=True):
    """The server's public key for PushManager.subscribe (applicationServerKey, base64url)."""

    key: str


class NoticeSettings(msgspec.Struct, frozen=True, kw_only=True):
    preferences: NoticePreferences
    available: list[str]  # channels this server has: push, wechat, sms
    devices: int  # of this person that take pushes


class DeviceView(msgspec.Struct, frozen=True, kw_only=True):
    """An installation one is signed in on."""

    id: str
    name: str
    created_at: int
    last_seen: int
    current: bool  # the one that asks
    online: bool = False
    pushes: bool = False
