"""What a page needs to know before anybody has logged in."""

from typing import Any

from huaxin import __version__
from huaxin.config import Config
from huaxin.http.services import Demo
from huaxin.live.answers import shop_view
from huaxin.live.clock import Clock
from huaxin.live.known_shops import KnownShops
from huaxin.live.roads import City


class Info:
    """The answer of GET /api/info: what a page needs before anybody has logged in."""

    def __init__(self, config: Config, clock: Clock, city: City, shops: KnownShops) -> None:
        self._config, self._clock, self._city, self._shops = config, clock, city, shops
        self.demo_logins: list[dict[str, str]] = []
        self.codes = "terminal" if config.dev_code_sender else "sent"  # or "shown", to whoever asks
        self.demo: Demo | None = None  # the controls of a simulated day

    def __call__(self) -> dict[str, Any]:
        facts = self._city.facts
        return {
            "name": "花信 Huaxin",
            "version": __version__,
            "now": self._clock(),
            "speed": self._clock.speed,
            "time_zone": self._config.timezone,
            "endpoints": self._config.endpoints,
            "demo": self.codes == "shown",
            "codes": self.codes,
            "demo_logins": self.demo_logins,
            "shops": [shop_view(shop) for shop in self._shops.all()],
            "city": {
                "id": facts.id,
                "name": facts.name,
                "name_en": facts.name_en,
                "bbox": facts.bbox,
                "center": {"lat": facts.center.lat, "lon": facts.center.lon},
                "attribution": facts.attribution,
                "tiles": f"/city/{facts.id}/basemap.pmtiles",
            },
        }
