"""The numbers as people read them, with the targets beside them."""

from dataclasses import dataclass, field

from huaxin.bench.measure import Idle, Lag, Rate, Resumed

YARDSTICK = "picows relay, gathered"
FLOOR = "durable relay, "  # … and the store
_RELAY_REFERENCE = 234_000  # deliveries per core-second of the yardstick on the machine the target was set on
_RATE_REFERENCE = 100_000


@dataclass
class Report:
    """Fills up while the measurements run; every number is printed as soon as it is there."""

    rates: dict[str, Rate] = field(default_factory=dict)
    missed: list[str] = field(default_factory=list)
    targets: int = 0

    def show_rates_head(self) -> None:
        print("\nDeliveries: orders of three, 200-byte messages, every delivery checked (once, in order)")
        print(
            f"{'':24}{'per s':>10}{'per core-s':>12}{'of relay':>10}{'with db':>10}{'server':>8}{'gen.':>6}"
        )

    def show_rate(self, name: str, rate: Rate) -> None:
        self.rates[name] = rate
        print(
            f"{name:24}{rate.deliveries_s:10,.0f}{rate.per_core_s:12,.0f}{self.ratio(name):10.3f}"
            f"{rate.with_database:10,.0f}{rate.server_core:8.2f}{rate.generator_core:6.2f}",
            flush=True,
        )

    def ratio(self, name: str) -> float:
        base = self.rates.get(YARDSTICK)
        return self.rates[name].per_core_s / base.per_core_s if base else 0.0

    def show_lags_head(self) -> None:
        print("\nFrom a message due to its ack (open loop)")
        print(f"{'':12}{'offered/s':>10}{'acked/s':>10}{'p50 ms':>10}{'p99 ms':>10}{'server':>8}")

    def show_lag(self, store: str, lag: Lag) -> None:
        print(
            f"{store:12}{lag.offered:10,}{lag.acked_s:10,.0f}{lag.p50:10.2f}{lag.p99:10.2f}"
            f"{lag.server_core:8.2f}",
            flush=True,
        )

    def show_idle(self, idle: Idle) -> None:
        print(f"\n{idle.sessions:,} idle sessions: {idle.kb:.1f} kB each", flush=True)

    def show_resumed(self, resumed: Resumed) -> None:
        print(
            f"{resumed.sessions:,} sessions resumed, each with what it missed: {resumed.resume_s:.1f} s "
            f"from when the restarted server listened ({resumed.start_s:.1f} s after its start); "
            f"it used {resumed.server_s:.1f} s of CPU for it",
            flush=True,
        )

    def show_target(self, words: str, value: float, bound: float, *, most: bool = False) -> None:
        """A target as met or missed. `most`: the value may not be above the bound."""
        met = value <= bound if most else value >= bound
        self.targets += 1
        if not met:
            self.missed.append(words)
        sign = "≤" if most else "≥"
        shown = f"{value:,.0f}" if bound >= 1_000 else f"{value:.2f}"
        wanted = f"{bound:,.0f}" if bound >= 1_000 else f"{bound:g}"
        print(f"  {'met   ' if met else 'MISSED'}  {words}: {shown} ({sign} {wanted})")

    def show_rate_targets(self) -> None:
        if YARDSTICK not in self.rates:
            return
        relay = self.rates[YARDSTICK].per_core_s
        if "PostgreSQL" in self.rates:
            self.show_target("PostgreSQL, part of the gathered relay", self.ratio("PostgreSQL"), 0.55)
            bound = _RATE_REFERENCE * relay / _RELAY_REFERENCE
            words = (
                f"PostgreSQL, deliveries per core-s (100,000 where the relay has 234,000; here {relay:,.0f})"
            )
            self.show_target(words, self.rates["PostgreSQL"].per_core_s, bound)
        if "SQLite" in self.rates:
            self.show_target("SQLite, part of the gathered relay", self.ratio("SQLite"), 0.35)
        for store in ("SQLite", "PostgreSQL"):
            if store in self.rates and FLOOR + store in self.rates:
                part = self.rates[store].per_core_s / self.rates[FLOOR + store].per_core_s
                floor = self.ratio(FLOOR + store)
                print(
                    f"          {store}: {part:.2f} of the durable relay, itself {floor:.2f} of the gathered"
                )

    def show_end(self) -> None:
        if self.missed:
            print(f"\n{len(self.missed)} of {self.targets} targets missed")
        else:
            print(f"\nall {self.targets} targets met")
