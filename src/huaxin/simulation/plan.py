"""A day in a flower shop, thought out beforehand: who orders what, when, and what will come in between.

Pure: the same seed, day and addresses give the same plan.
"""

from collections.abc import Sequence
from random import Random

import msgspec

from huaxin.orders.words import local, zh_clock
from huaxin.simulation import words as w
from huaxin.simulation.spots import Spot

MINUTE, HOUR = 60_000, 3_600_000
OPENS, DAWN = 8 * HOUR + 30 * MINUTE, 7 * HOUR + 30 * MINUTE  # of the day: when one looks, when it began
ORDERS = 56  # of a day, besides those that come before the doors open
# Orders an hour from 8 to 18 compared to each other: before lunch and when offices close.
RUSH = {8: 2, 9: 4, 10: 6, 11: 6, 12: 4, 13: 3, 14: 4, 15: 4, 16: 7, 17: 6}
SLOTS = (9, 11, 13, 15, 17, 19)  # each of two hours (shops/model.py DAY_SLOTS)
# Before the doors open: when ordered, by when wanted. By then some are on the road and some are done.
EARLY = ((7.6, 9.25), (7.65, 9.25), (7.7, 9.5), (7.75, 9.5), (7.85, 9.5), (8.0, 10.0), (8.2, 10.5))
NOTICE_MS = 75 * MINUTE  # nobody asks for less
FLAT_TYRE, TRAFFIC, ABSENT, DOORMAN = "flat_tyre", "heavy_traffic", "absent", "doorman"
MISHAPS = (TRAFFIC, FLAT_TYRE, DOORMAN, ABSENT, TRAFFIC, DOORMAN, FLAT_TYRE)
MISHAP_GAP = 6  # about so many orders between two


class Buyer(msgspec.Struct, frozen=True, kw_only=True):
    name: str
    phone: str


class Turn(msgspec.Struct, frozen=True, kw_only=True):
    """The buyer's mind changes: another time, or another address."""

    at: int
    end: int = 0
    start: int = 0
    spot: Spot | None = None


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """One order of the day, with the character of whoever places it. Times are ms since 1970."""

    order: str
    at: int
    buyer: Buyer
    bouquet: str
    quantity: int
    recipient: str
    recipient_phone: str
    spot: Spot
    door_note: str = ""
    start: int = 0  # window; end 0: read from the note, or as soon as possible
    end: int = 0
    note: str = ""
    card: str = ""
    signature: str = ""
    anonymous: bool = False
    surprise: bool = False
    opening: str = ""  # first words in the conversation
    asks_where: bool = False
    turn: Turn | None = None
    calls_ahead: bool = False  # the courier rings up and agrees a time
    mishap: str = ""
    stars: int = 0  # 0: does not rate
    praise: str = ""


LI, CHEN = Buyer(name="李女士", phone="13700000021"), Buyer(name="陈先生", phone="13700000022")


def invent_buyers(count: int = 22) -> list[Buyer]:
    """The regulars: the two of the starter shop first. Always the same people, whatever the day."""
    chance = Random("regulars")
    found, names = [LI, CHEN], {LI.name, CHEN.name}
    while len(found) < count:
        name = chance.choice(w.SURNAMES) + chance.choice(w.TITLES)
        if name not in names:
            names.add(name)
            found.append(Buyer(name=name, phone=f"137{30 + len(found):08d}"))
    return found


def plan_day(seed: int, midnight: int, spots: Sequence[Spot], zone: str) -> list[Wish]:
    """Everything that will be wished for on the day that begins at `midnight` (ms), by time.

    Raises ValueError when there is nowhere to deliver to.
    """
    if not spots:
        raise ValueError("this city has no address that an e-bike can reach from the shop")
    return _Planner(seed, midnight, spots, zone).plan()


class _Planner:
    def __init__(self, seed: int, midnight: int, spots: Sequence[Spot], zone: str) -> None:
        self.midnight, self.spots, self.zone = midnight, spots, zone
        self.day = f"{local(midnight, zone):%m%d}"
        self.seed = seed
        self.chance = Random(f"day/{seed}/{self.day}")
        self.buyers = invent_buyers()

    def plan(self) -> list[Wish]:
        drafts = sorted([*self._early(), *self._through_the_day()], key=lambda wish: wish.at)
        drafts = self._with_mishaps(drafts)
        return [
            msgspec.structs.replace(wish, order=f"demo-{self.day}-{self.seed}-{nth:03d}")
            for nth, wish in enumerate(drafts)
        ]

    def at(self, hour: float) -> int:
        return self.midnight + round(hour * HOUR)

    # before the doors open: what is on the board when one first looks

    def _early(self) -> list[Wish]:
        mother = next((s for s in self.spots if "阳光小区" in s.text), None) or self._spot(home=True)
        li = self._draft(
            self.at(7.52), LI, "carnation", mother, start=self.at(9), end=self.at(11), calls_ahead=True
        )
        li = msgspec.structs.replace(
            li, recipient="妈妈", card="妈妈,辛苦了。祝您天天开心!", signature="女儿", surprise=False,
            anonymous=False, opening="妈妈上午都在家,谢谢。", asks_where=False,
        )  # fmt: skip
        early = [li]
        for hour, due in EARLY:
            early.append(self._by_note(self.at(hour), self._buyer(), self.at(due)))
        for hour in (8.3, 8.45):
            early.append(self._in_slot(self.at(hour), self._buyer()))
        soon = self._draft(self.at(8.5) + 14_000, self._buyer(), self._bouquet(), self._spot())
        return [*early, soon]

    def _through_the_day(self) -> list[Wish]:
        hours, weights = list(RUSH), list(RUSH.values())
        drafts = [self._story_of_two_oclock()]
        for _ in range(ORDERS):
            hour = self.chance.choices(hours, weights)[0]
            at = max(self.at(hour + self.chance.random()), self.at(8.55))
            kind = self.chance.random()
            if kind < 0.50:
                drafts.append(self._in_slot(at, self._buyer()))
            elif kind < 0.78:
                ahead = at + NOTICE_MS + self.chance.randint(10, 150) * MINUTE
                due = min(-(-ahead // (30 * MINUTE)) * 30 * MINUTE, self.at(20.5))
                drafts.append(self._by_note(at, self._buyer(), due))
            else:
                drafts.append(self._draft(at, self._buyer(), self._bouquet(), self._spot()))
        return [self._with_turn(draft) for draft in drafts]

    def _story_of_two_oclock(self) -> Wish:
        """Ordered at ten for two o'clock at the office; then a meeting comes up."""
        wish = self._by_note(self.at(10.05), CHEN, self.at(14), home=False)
        turn = Turn(at=self.at(12.4), start=self.at(16.5), end=self.at(17))
        return msgspec.structs.replace(wish, bouquet="red_rose", turn=turn, opening="")

    def _in_slot(self, at: int, buyer: Buyer) -> Wish:
        open_slots = [hour for hour in SLOTS if self.at(hour + 2) >= at + NOTICE_MS] or [SLOTS[-1]]
        hour = self.chance.choices(open_slots, [3**-nth for nth in range(len(open_slots))])[0]
        return self._draft(
            at, buyer, self._bouquet(), self._spot(), start=self.at(hour), end=self.at(hour + 2),
            calls_ahead=self.chance.random() < 0.12,
        )  # fmt: skip

    def _by_note(self, at: int, buyer: Buyer, due: int, *, home: bool | None = None) -> Wish:
        home = self.chance.random() < 0.5 if home is None else home
        where = "家里" if home else "公司"
        note = f"{zh_clock(local(due, self.zone))}前送到{where}"
        return self._draft(at, buyer, self._bouquet(), self._spot(home=home), note=note)

    def _draft(
        self, at: int, buyer: Buyer, bouquet: str, spot: Spot, *, start: int = 0, end: int = 0,
        note: str = "", calls_ahead: bool = False,
    ) -> Wish:  # fmt: skip
        chance = self.chance
        cards = [card for card in w.CARDS if card[0] == bouquet] or list(w.CARDS)
        _, card, signature, anonymous, surprise = chance.choice(cards)
        stars, praise = chance.choice(w.RATINGS)
        return Wish(
            order="", at=at, buyer=buyer, bouquet=bouquet, quantity=2 if chance.random() < 0.07 else 1,
            recipient=chance.choice(w.SURNAMES) + chance.choice(w.GIVEN),
            recipient_phone=f"139{chance.randint(0, 99_999_999):08d}",
            spot=spot, door_note=chance.choice(w.DOOR_NOTES), start=start, end=end, note=note,
            card=card, signature=signature, anonymous=anonymous, surprise=surprise,
            opening=chance.choice(w.OPENINGS) if chance.random() < 0.35 else "",
            asks_where=chance.random() < 0.3, calls_ahead=calls_ahead,
            stars=stars if chance.random() < 0.75 else 0, praise=praise,
        )  # fmt: skip

    def _with_turn(self, wish: Wish) -> Wish:
        """One in eight thinks again."""
        if wish.turn is not None or self.chance.random() > 0.125:
            return wish
        at = wish.at + self.chance.randint(8, 40) * MINUTE
        if self.chance.random() < 0.4 and not wish.surprise:
            turn = Turn(at=at, spot=self._spot(home=wish.spot.home))
        else:
            begin = min(max(-(-(at + 100 * MINUTE) // HOUR) * HOUR, wish.end), self.at(20))
            turn = Turn(at=at, start=begin, end=begin + HOUR)
        return msgspec.structs.replace(wish, turn=turn)

    def _with_mishaps(self, drafts: list[Wish]) -> list[Wish]:
        out, nth, next_at = [], 0, 4
        for place, wish in enumerate(drafts):
            calm = wish.turn is None and wish.buyer is not LI and not wish.calls_ahead
            if place >= next_at and calm and nth < len(MISHAPS):
                wish = msgspec.structs.replace(wish, mishap=MISHAPS[nth])
                nth, next_at = nth + 1, place + MISHAP_GAP + self.chance.randint(-1, 1)
            out.append(wish)
        return out

    def _buyer(self) -> Buyer:
        return self.chance.choice(self.buyers[1:])

    def _bouquet(self) -> str:
        return self.chance.choice(w.CARDS)[0]

    def _spot(self, *, home: bool | None = None) -> Spot:
        fitting = [spot for spot in self.spots if home is None or spot.home is home]
        return self.chance.choice(fitting or list(self.spots))
