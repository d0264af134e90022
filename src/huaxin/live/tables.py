"""Tables of the house that screens must know without asking: written into types.gen.ts, never twice."""

import json

from huaxin.kernel import Role
from huaxin.orders.model import Status
from huaxin.orders.reasons import RULES


def _statuses(found: frozenset[Status]) -> str:
    return json.dumps([status.value for status in Status if status in found])


def render_tables() -> str:
    """What may be reported by whom and when, as TypeScript."""
    rows = []
    for reason, rule in RULES.items():
        rows.append(
            f'  {reason.value}: {{ group: "{rule.group}", photo: {json.dumps(rule.photo)}, '
            f"delay: {rule.delay}, fails: {json.dumps(rule.fails)}, "
            f"courier: {_statuses(rule.when(Role.courier))}, shop: {_statuses(rule.when(Role.shop))} }},"
        )
    return (
        "/** What may have gone wrong: who may say so in which status, and whether a photo is needed. */\n"
        "export interface ReasonRule {\n  group: string;\n  photo: boolean;\n  delay: number;\n"
        "  fails: boolean;\n  courier: Status[];\n  shop: Status[];\n}\n"
        "export const REASONS: Record<Reason, ReasonRule> = {\n" + "\n".join(rows) + "\n};\n"
    )
