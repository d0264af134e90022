"""What the HTTP room needs from the house. compose.py fills it in; nothing here is built at import."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from huaxin.media.model import Upload, Variant
from huaxin.media.uploads import Checksum, Wish
from huaxin.people.model import Principal
from huaxin.people.service import People

AsgiApp = Callable[[Any, Any, Any], Awaitable[None]]

# What may be asked before anybody has logged in: enough to look around and see whether we deliver there.
PUBLIC_QUERIES = frozenset(
    {"list_shops", "get_catalogue", "quote", "find_slots", "search_places", "reverse_place"}
)


class Dispatcher(Protocol):
    """The one that serves the gateway's rpc as well: every command and every query by its name."""

    async def run(
        self, principal: Principal, name: str, data: bytes | dict[str, Any], command_id: str, device_at: int
    ) -> Any:
        """`data` is the raw JSON body or an already decoded object; `command_id` is "" for a query.

        Gives something msgspec can encode. Raises Rejected, StoreError or msgspec.ValidationError.
        """
        ...


class Demo(Protocol):
    """The controls of a simulated day (simulation/control.py)."""

    wish: type[Any]  # body of POST /api/demo

    def state(self) -> Any: ...

    async def act(self, wish: Any) -> None:
        """Raises Rejected."""
        ...


class OpenedMedia(Protocol):
    """A variant that may be given out (live/media.py)."""

    @property
    def id(self) -> str: ...

    @property
    def variant(self) -> Variant: ...

    @property
    def disposition(self) -> str: ...

    @property
    def read(self) -> Callable[[int, int], AsyncIterator[bytes]]:
        """(start, length) → those bytes in pieces."""
        ...


class Media(Protocol):
    """Uploads and signed addresses (live/media.py). Everything raises Rejected."""

    @property
    def most_bytes(self) -> int: ...

    async def create(self, who: Principal, wish: Wish) -> Upload: ...

    async def find(self, who: Principal, id: str) -> Upload: ...

    async def write(
        self, who: Principal, id: str, offset: int, body: AsyncIterator[bytes], checksum: Checksum | None
    ) -> Upload: ...

    async def terminate(self, who: Principal, id: str) -> None: ...

    async def open(self, token: str, name: str, save: bool = False) -> OpenedMedia: ...


class ShopPictures(Protocol):
    """The pictures a shop takes of its own bouquets."""

    folder: Path

    async def take_picture(self, who: Principal, shop: str, data: bytes) -> Any:
        """Gives its address. Raises Rejected access.denied, media.*."""
        ...


class Imports(Protocol):
    """Orders out of a table (live/importing.py). Everything raises Rejected."""

    async def template(self, who: Principal, shop_id: str, language: str) -> bytes: ...

    async def preview(self, who: Principal, shop_id: str, data: bytes) -> Any: ...

    async def make(self, who: Principal, shop_id: str, data: bytes) -> Any: ...


@dataclass(frozen=True, kw_only=True)
class Services:
    people: People
    dispatcher: Dispatcher
    commands: Mapping[str, Any]  # name → type of its body
    queries: Mapping[str, tuple[Any, Any]]  # name → (type of its arguments or None, type of its answer)
    info: Callable[[], Any]  # answer of GET /api/info
    static_dir: Path  # holds buyer/, courier/ and shop/ as built
    city_dir: Path  # holds {city id}/basemap.pmtiles
    pictures_dir: Path  # of the catalogue
    connection_app: AsgiApp | None = None  # /connection/http_stream, /connection/sse, /emulation
    command_answers: Mapping[str, Any] = field(default_factory=dict)  # where it is not {shop, seq, at}
    public_queries: frozenset[str] = PUBLIC_QUERIES
    version: str = "0"
    trust_proxy: bool = False  # believe X-Forwarded-For (only behind a proxy of one's own)
    media: Media | None = None
    shop_pictures: ShopPictures | None = None
    imports: Imports | None = None
    pushed: Callable[[str], Awaitable[bool]] | None = None  # a push is on the screen, by its receipt
    track: Callable[[str, str, Any], Awaitable[Any]] | None = None  # a tracker app's id, password, reports
    demo: Callable[[], Demo | None] = lambda: None  # None: a real shop, without such a page
    endpoints: tuple[str, ...] = ()  # further addresses of this server: its pages may ask them
    origins: tuple[str, ...] = ()  # pages from there may ask here
    secure: bool = False  # pages are reached by HTTPS: tell browsers to stay there
