"""Routes of logging in and out, guests and one's own devices."""

from typing import Annotated

import msgspec
from litestar import Response, delete, get, post
from litestar.handlers import HTTPRouteHandler
from msgspec import Meta

from huaxin.http.problems import language_of
from huaxin.http.reading import (
    AnyRequest,
    address_of,
    answer,
    installation_of,
    need_principal,
    path_part,
    read_body,
)
from huaxin.http.services import Services
from huaxin.people.model import Issued

Short = Annotated[str, Meta(max_length=100)]


class CodeWish(msgspec.Struct, frozen=True, kw_only=True):
    """Send a one-time code to this phone."""

    phone: Annotated[str, Meta(max_length=40, examples=["138 1234 5678"])]


class LoginWish(msgspec.Struct, frozen=True, kw_only=True):
    phone: Annotated[str, Meta(max_length=40, examples=["13812345678"])]
    code: Annotated[str, Meta(max_length=12, examples=["042917"])]
    device_name: Short = ""
    language: Annotated[str, Meta(max_length=10, examples=["zh-CN"])] = ""


class RefreshWish(msgspec.Struct, frozen=True, kw_only=True):
    refresh: Annotated[str, Meta(max_length=300)]


class GuestWish(msgspec.Struct, frozen=True, kw_only=True):
    """The token of a guest link (/o/{token})."""

    token: Annotated[str, Meta(max_length=200)]
    device_name: Short = ""
    language: Annotated[str, Meta(max_length=10)] = ""


class Done(msgspec.Struct, frozen=True, kw_only=True):
    done: bool = True


def login_routes(services: Services) -> list[HTTPRouteHandler]:
    people = services.people

    @post("/api/login/code", status_code=200)
    async def ask_code(request: AnyRequest) -> Response[bytes]:
        wish = await read_body(request, CodeWish)
        return answer(
            await people.ask_code(
                wish.phone,
                language=language_of(request),
                address=address_of(request, services),
                device=installation_of(request),
            )
        )

    @post("/api/login", status_code=200)
    async def login(request: AnyRequest) -> Response[bytes]:
        wish = await read_body(request, LoginWish)
        issued: Issued = await people.login(
            wish.phone,
            wish.code,
            wish.device_name,
            wish.language,
            address=address_of(request, services),
            device=installation_of(request),
        )
        return answer(issued)

    @post("/api/token", status_code=200)
    async def refresh(request: AnyRequest) -> Response[bytes]:
        wish = await read_body(request, RefreshWish)
        return answer(await people.refresh(wish.refresh))

    @post("/api/guest", status_code=200)
    async def guest(request: AnyRequest) -> Response[bytes]:
        wish = await read_body(request, GuestWish)
        language = wish.language or language_of(request)
        return answer(
            await people.exchange_guest(
                wish.token, wish.device_name, language, address=address_of(request, services)
            )
        )

    @post("/api/logout", status_code=200)
    async def logout(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        await people.revoke_device(principal, principal.device)
        return answer(Done())

    @get("/api/devices")
    async def devices(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        return answer(await people.devices(principal))

    @delete("/api/devices/{device:str}", status_code=200)
    async def revoke(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        await people.revoke_device(principal, path_part(request, "device"), "revoked by its owner")
        return answer(Done())

    @get("/api/me")
    async def me(request: AnyRequest) -> Response[bytes]:
        principal = await need_principal(request, services)
        await people.seen(principal)
        return answer(await services.dispatcher.run(principal, "get_me", {}, "", 0))

    return [ask_code, login, refresh, guest, logout, devices, revoke, me]
