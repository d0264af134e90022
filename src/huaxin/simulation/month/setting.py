"""How a simulated month is set up. Everything that may go wrong has a rate; 0 switches it off."""

import msgspec

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR


class Setting(msgspec.Struct, frozen=True, kw_only=True):
    """One month. The same setting gives the same month, to the second."""

    seed: int = 1
    days: int = 30
    couriers: int = 2
    orders_per_day: int = 32
    begins_at: int = 1_772_294_400_000  # 2026-03-01 00:00 in Shanghai, a Sunday
    opens: float = 8.0  # hours of the day
    closes: float = 21.0
    step_s: int = 15  # of the virtual clock; a riding phone tells one position each
    # what the map does not know
    jams_per_day: float = 2.0
    rain_days: float = 0.25  # part of the days
    detours: float = 0.12  # part of the legs that are not the quickest way
    # what goes wrong
    breakdowns_per_day: float = 0.0
    dead_phones_per_day: float = 0.0
    gaps: float = 0.02  # chance per fix that the phone goes quiet for a while (and sends it later)
    noise_m: float = 8.0
