"""Pieces of the house that need nothing but what they are given (see compose.py)."""

from collections.abc import Callable
from typing import Any

from huaxin.config import Config
from huaxin.conversation.marks import Marks
from huaxin.journal.journal import Journal
from huaxin.live import views as v
from huaxin.live.acts import Acts
from huaxin.live.answers import Answers, PointArgs, QuoteArgs, SearchArgs
from huaxin.live.clock import Clock, real_ms
from huaxin.live.media import LiveMedia, MediaLinksArgs
from huaxin.live.orders import Orders
from huaxin.live.queries import HistoryArgs, NoArgs, OrderArgs, Queries, ShopArgs
from huaxin.live.searching import Searching, SearchMessagesArgs, SearchOrdersArgs
from huaxin.live.telling import make_notify
from huaxin.maps.library import CityLibrary
from huaxin.media.desk import Desk
from huaxin.media.open import Where, open_desk
from huaxin.notify.channels import AppriseSender, TerminalSender
from huaxin.notify.service import Notify, Settings
from huaxin.people.service import People
from huaxin.storage.port import Store


def origins(config: Config) -> tuple[str, ...]:
    """Whose pages may come from another address than the one they ask: this server's own other addresses."""
    own = (config.public_url,) if config.public_url else ()
    return (*config.allowed_origins, *own, *config.endpoints)


def open_city(library: CityLibrary, city: str, progress: Callable[[str, float], None]) -> Any:
    if not city:
        return library.open(library.ensure_demo(progress).id)
    return library.open(city)


def make_notices(
    config: Config,
    store: Store,
    journal: Journal,
    people: People,
    orders: Orders,
    marks: Marks,
    acts: Acts,
    clock: Clock,
) -> Notify:
    public = config.public_url if config.public_url.startswith("https") else ""
    contact = config.push_contact or public or "mailto:nobody@huaxin.example"
    settings = Settings(secret=config.secret, contact=contact, private=config.push_local)
    texts = [TerminalSender(name) for name in ("wechat", "sms")] if config.text_sender == "terminal" else []
    staff = AppriseSender(config.staff_channels) if config.staff_channels else None
    return make_notify(store, journal, people, orders, marks, acts, clock, settings, texts, staff)


def make_desk(config: Config, store: Store) -> Desk:
    where = Where(
        place=config.media,
        endpoint=config.media_endpoint,
        region=config.media_region,
        key=config.media_key,
        secret=config.media_secret,
    )
    return open_desk(store, config.data, where, real_ms, config.media_file_mb, config.media_day_mb)


def base_acts(acts: Acts) -> dict[str, Any]:
    names = "mark type report_positions create_guest_link revoke_guest_link set_language set_name"
    return {name: getattr(acts, name) for name in names.split()}


def base_queries(
    queries: Queries, answers: Answers, searching: Searching, media: LiveMedia
) -> dict[str, tuple[Any, Any, Any]]:
    return {
        "get_me": (NoArgs, v.Me, answers.get_me),
        "list_shops": (NoArgs, list[v.ShopView], answers.list_shops),
        "get_catalogue": (ShopArgs, v.Catalogue, answers.get_catalogue),
        "quote": (QuoteArgs, v.Quote, answers.quote),
        "search_places": (SearchArgs, list[v.PlaceMatch], answers.search_places),
        "reverse_place": (PointArgs, v.PlaceMatch | None, answers.reverse_place),
        "list_orders": (NoArgs, list[v.OrderCard], queries.list_orders),
        "get_order": (OrderArgs, v.OrderSnapshot, queries.get_order),
        "get_history": (HistoryArgs, v.HistoryPage, queries.get_history),
        "get_board": (ShopArgs, v.Board, queries.get_board),
        "get_run": (ShopArgs, v.Run, queries.get_run),
        "list_couriers": (ShopArgs, list[v.CourierView], queries.list_couriers),
        "get_media_links": (MediaLinksArgs, list[v.MediaLinks], media.get_media_links),
        "search_messages": (SearchMessagesArgs, v.MessageHits, searching.search_messages),
        "search_orders": (SearchOrdersArgs, v.OrderHits, searching.search_orders),
    }
