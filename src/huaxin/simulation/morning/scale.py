"""How large a morning is: how many orders, hands, bikes and windows; and what it sells."""

from typing import NamedTuple

from huaxin.kernel import Stem
from huaxin.slots.model import DaySlot, SlotPlan, Zone

MINUTE, HOUR = 60_000, 3_600_000
EVENING, MORNING, ROAD = 18 * 60, 6 * 60, 7 * 60 + 40  # minutes of the day: shop opened, hands begin, bikes
LATEST = 15 * 60  # everything is over by then, or something is wrong


class Window(NamedTuple):
    """Minutes of the day, and how many of the orders are wanted in it."""

    start: int
    end: int
    orders: int

    @property
    def words(self) -> str:
        return f"{_clock(self.start)}-{_clock(self.end)}"


def _clock(minute: int) -> str:
    return f"{minute // 60}:{minute % 60:02d}"


class Scale(NamedTuple):
    couriers: int
    drops: int  # of one courier in one window
    florists: int
    windows: tuple[Window, ...]
    step_s: int  # of the clock, while bikes ride
    batch: bool  # couriers are shared out by the planner, else one by one
    troubles: bool
    stock_out: int  # minutes after the hands have begun
    making: int = 7  # florists' minutes a bouquet takes

    @property
    def orders(self) -> int:
        return sum(window.orders for window in self.windows)

    @property
    def seats(self) -> int:
        """Of each window."""
        return self.couriers * self.drops

    def plan(self) -> SlotPlan:
        """Windows, rings around the shop and what they cost, as the shop would set them."""
        slots = tuple(
            DaySlot(
                start=one.start, end=one.end, couriers=self.couriers, drops=self.drops,
                florists=self.florists * 2, cut_off=60, fee=nth * 200,
            )
            for nth, one in enumerate(self.windows)
        )  # fmt: skip
        zones = (
            Zone(id="near", up_to_m=3_000, name="三公里内", name_en="Within 3 km", fee=800),
            Zone(id="far", up_to_m=12_000, name="三公里外", name_en="Farther", fee=1_500),
        )
        return SlotPlan(slots=slots, zones=zones, making=self.making)


# The middle window is sold out to the last seat.
FULL = Scale(
    couriers=12, drops=6, florists=8, step_s=20, batch=True, troubles=True, stock_out=45,
    windows=(Window(510, 600, 66), Window(600, 690, 72), Window(690, 780, 62)),
)  # fmt: skip
SMALL = Scale(
    couriers=3, drops=4, florists=3, step_s=60, batch=False, troubles=False, stock_out=0,
    windows=(Window(510, 600, 12), Window(600, 690, 0)),
)  # fmt: skip


class Bouquet(NamedTuple):
    id: str
    name: str
    name_en: str
    price: int  # fen
    recipe: tuple[Stem, ...]
    colour: tuple[int, int, int]
    words: str
    words_en: str
    size: int = 1
    fragile: bool = False
    sizes: bool = False


BOUQUETS: tuple[Bouquet, ...] = (
    Bouquet(
        "morning-rose", "晨曦粉玫瑰", "Pink roses of the morning", 19900,
        (Stem("粉玫瑰", 9, "pink rose"), Stem("满天星", 3, "baby's breath")), (222, 128, 150),
        "粉玫瑰 9 枝配满天星。", "9 pink roses with baby's breath.", sizes=True,
    ),
    Bouquet(
        "mother-carnation", "康乃馨小束", "A small bunch of carnations", 12800,
        (Stem("粉色康乃馨", 11, "pink carnation"), Stem("尤加利", 3, "eucalyptus")), (228, 150, 160),
        "粉色康乃馨 11 枝,配尤加利。", "11 pink carnations on eucalyptus.",
    ),
    Bouquet(
        "garden-lily", "花园百合", "Garden lilies", 16800,
        (Stem("白百合", 5, "white lily"), Stem("尤加利", 4, "eucalyptus")), (238, 234, 220),
        "白百合 5 枝,含苞。", "5 white lilies, in bud.", fragile=True,
    ),
    Bouquet(
        "noon-sun", "正午向日葵", "Sunflowers at noon", 13800,
        (Stem("向日葵", 5, "sunflower"), Stem("雏菊", 6, "daisy")), (236, 186, 66),
        "向日葵 5 枝配雏菊。", "5 sunflowers with daisies.", size=2,
    ),
    Bouquet(
        "tulip-letter", "郁金香来信", "A letter of tulips", 15900,
        (Stem("杏色郁金香", 12, "apricot tulip"),), (240, 176, 130),
        "杏色郁金香 12 枝。", "12 apricot tulips.", fragile=True,
    ),
    Bouquet(
        "daisy-desk", "书桌洋甘菊", "Chamomile for a desk", 6900,
        (Stem("洋甘菊", 20, "chamomile"),), (244, 240, 206),
        "洋甘菊一把,放在书桌上。", "A bunch of chamomile for a desk.",
    ),
)  # fmt: skip
OUT, INSTEAD = ("粉玫瑰", "pink rose"), ("香槟玫瑰", "champagne rose")
AGAIN = ("白玫瑰", "white rose")  # for whoever did not like the first
