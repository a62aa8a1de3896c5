"""The growth of one figure of an account over a year, told apart by what moved it, in whole fen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.compare.counterfactual import Counterfactuals, Mix, find_value
from gep.compare.years import CAUSES, ROUNDING, split_services
from gep.reference.services import CATEGORIES
from gep.rules.gep import TOTAL
from gep.store.record import read_record
from gep.units.money import round_to_fen

if TYPE_CHECKING:
    from gep.store.keys import AccountKey
    from gep.store.rows import Connection

FIRST, LAST = Mix(), Mix(1, 1, 1, 1, rules=1, members=0)


def split_growth(
    connection: Connection, one: AccountKey, other: AccountKey, of: str, constant_year: int | None
) -> dict[str, int]:
    """Return what moved a figure from one account to another: cause → fen, rounding last; together the whole change.

    Parameters
    ----------
    one, other    : accounts of the same county in two years
    of            : a category, gep, or the id of a service
    constant_year : price year of both; None: each in the prices of its own year

    Source: Shapley's value over mixed accounts, as in `gep.compare.years`.
    """
    pair = Counterfactuals(
        read_record(connection, one.run, one.account), read_record(connection, other.run, other.account), constant_year
    )
    services = split_services(connection, pair, one, other)
    known = {**pair.standards[0].known_services, **pair.standards[1].known_services}
    inside = [split for split in services if of in {"gep", split.name, known[split.name].category}]
    parts = {cause: sum(split.parts.get(cause, 0) for split in inside) for cause in CAUSES}
    if of in {"gep", *CATEGORIES}:
        rule = TOTAL if of == "gep" else f"gep.{of}"
        before, after = (find_value(pair.evaluate(mix), rule) for mix in (FIRST, LAST))
        change = round_to_fen(after or 0) - round_to_fen(before or 0)
    else:
        change = sum(split.change for split in inside)
    return {**parts, ROUNDING: change - sum(parts.values())}
