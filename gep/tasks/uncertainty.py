"""`gep uncertainty`: how sure a stored account is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gep.explain.rebuild import rebuild
from gep.messages.problems import refuse_one
from gep.messages.texts import say
from gep.uncertainty.parameters import read_spreads
from gep.uncertainty.simulate import Uncertainty, simulate

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from gep.store.keys import AccountKey
    from gep.store.store import Store


def find_uncertainty(
    store: Store,
    key: AccountKey,
    draws: int = 10_000,
    seed: int = 1,
    spreads: Path | None = None,
    by_mark: Iterable[str] = (),
    *,
    variance: bool = False,
) -> Uncertainty:
    """Return how the total and the services of a stored account vary with its uncertain numbers.

    Parameters
    ----------
    spreads : table of spreads: id, member, kind, low, high, sd, unit, source; None: only the ranges of coefficient rows
    by_mark : such as `K=30%`: relative standard deviation of the coefficients with this mark that have no range
    variance : whether shares of the variance are computed too

    Raises
    ------
    Problems : what is wrong in the table or the numbers asked for, an account without a value, or without an uncertain number
    """
    marks = dict(map(_read_mark, by_mark))
    stated = read_spreads(spreads) if spreads is not None else []
    with store:
        account = rebuild(store, key.run, key.account)
        accounted = [one.service for one in store.read(key).results if one.status == "accounted"]
    if not accounted:
        refuse_one("COUNTY", say("the account of {county} for {year} has no value", county=key.county, year=key.year))
    return simulate(account, accounted, draws, seed, stated, marks, variance=variance)


def _read_mark(text: str) -> tuple[str, float]:
    mark, _, share = text.partition("=")
    number = share.strip().removesuffix("%")
    if (
        mark.strip()
        and share.strip().endswith("%")
        and number.replace(".", "", 1).isascii()
        and number.replace(".", "", 1).isdigit()
    ):
        value = float(number) / 100
        if 0 < value <= 10:  # noqa: PLR2004 - ten times the number itself is no spread
            return mark.strip(), value
    refuse_one("--by-mark", say("the spread is {text!r}", text=text), "a mark and a share, such as K=30%")
