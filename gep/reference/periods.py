"""Periods of several years: how one is written, which years it has, and the number by which it stands where a year stands.

An account is of a year or of a period. In arrays and in the store a period is one whole number, first year and last year side by side
(20162020), so that whatever is kept by unit, year and standard keeps it as well; everywhere else it is a `Period`, which prints as 2016-2020.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable

    import numpy as np
    from numpy.typing import NDArray

FIRST, LAST = 1978, 2100
"""Years that accounts are of."""
_SHIFT = 10_000
MEAN, SUM = "mean", "sum"
_WRITTEN = re.compile(r"([0-9]{4})年?\s*(?:-|–|—|~|～|至|到|to)+\s*([0-9]{4})\s*年?度?\s*(.*)", re.IGNORECASE)
_WORDS = {
    "": "",
    **dict.fromkeys(("mean", "average", "平均", "年均", "年平均", "均", "均值"), MEAN),
    **dict.fromkeys(("sum", "total", "合计", "总和", "总计", "累计", "之和"), SUM),
}


class Period(int):
    """Several whole years, from `first` to `last`; as a number it sorts after all years, as text it is 2016-2020."""

    __slots__ = ()

    @property
    def first(self) -> int:
        """The first year."""
        return int(self) // _SHIFT

    @property
    def last(self) -> int:
        """The last year."""
        return int(self) % _SHIFT

    def __str__(self) -> str:
        return f"{self.first}-{self.last}"

    __repr__ = __str__

    def __format__(self, spec: str) -> str:
        return format(str(self), spec.replace("d", ""))


@dataclass(frozen=True)
class WrittenPeriod:
    """A period as somebody wrote it; `figures` says what its figures are: MEAN of a year, SUM of all years, or nothing."""

    period: Period
    figures: str


def make_period(first: int, last: int) -> Period:
    """Return the period from one year to a later one."""
    return Period(first * _SHIFT + last)


def as_year(number: int) -> int:
    """Return a number that stands for a year or a period as what prints: a plain year, or a `Period`."""
    return Period(number) if is_period(number) else int(number)


def is_period(number: Any) -> Any:
    """Return whether a number that stands where a year stands is a period; of an array, flags."""
    return number >= _SHIFT


def read_period(text: str) -> WrittenPeriod | None:
    """Return the period that a text means (2016-2020, 2016—2020年均, 2016至2020年合计), or None."""
    found = _WRITTEN.fullmatch(text.strip())
    if found is None or (word := re.sub(r"[()（）\s]", "", found[3]).casefold()) not in _WORDS:
        return None
    first, last = int(found[1]), int(found[2])
    if not FIRST <= first < last <= LAST:
        return None
    return WrittenPeriod(make_period(first, last), _WORDS[word])


def read_year(text: str) -> int | None:
    """Return the year or period that a text means, without any word about its figures; None where it means neither."""
    written = text.strip().removesuffix("年")
    if re.fullmatch(r"[0-9]{4}", written) and FIRST <= int(written) <= LAST:
        return int(written)
    found = read_period(text)
    return found.period if found is not None and not found.figures else None


def list_years(number: int) -> range:
    """Return the calendar years of a year or period."""
    return range(number // _SHIFT, number % _SHIFT + 1) if is_period(number) else range(number, number + 1)


def count_years(number: int) -> int:
    """Return how many calendar years a year or period has."""
    return len(list_years(number))


def find_first_year(number: int) -> int:
    """Return the first calendar year of a year or period."""
    return list_years(number)[0]


def find_last_year(number: int) -> int:
    """Return the last calendar year of a year or period."""
    return list_years(number)[-1]


def find_before(number: int) -> int:
    """Return the year before a year; before a period the period of the same length that ends where it begins."""
    if not is_period(number):
        return number - 1
    first, length = find_first_year(number), count_years(number)
    return make_period(first - length, first - 1)


def are_equally_long(numbers: Iterable[int]) -> bool:
    """Return whether years and periods are of one length, so that their figures may stand side by side."""
    return len({count_years(number) for number in numbers}) <= 1


def describe_period(number: int, total: float | None) -> dict[str, Any]:
    """Return a period as plain values: first and last year, how many, what figures are, and a total of a year as the sum of all.

    Parameters
    ----------
    total : of the mean year; None: there is none
    """
    count = count_years(number)
    return {
        "first": find_first_year(number),
        "last": find_last_year(number),
        "years": count,
        "values": MEAN,
        "gep_sum": None if total is None else total * count,
    }


def comes_before(one: int, other: int) -> bool:
    """Return whether a year lies before another, or a period before another of the same length: only such figures are compared."""
    return count_years(one) == count_years(other) and find_first_year(one) < find_first_year(other)


def split_periods(years: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the first and the last calendar year of years and periods."""
    import numpy as np

    periods = is_period(years)
    return np.where(periods, years // _SHIFT, years), np.where(periods, years % _SHIFT, years)


def choose_bases(years: NDArray[np.int64], price_year: int | None) -> NDArray[np.int64]:
    """Return the year whose yuan each account is computed in: its own, of a period the price year that was asked for.

    Parameters
    ----------
    years : years and periods of the accounts, of shape (accounts,)
    """
    import numpy as np

    return np.where(years >= _SHIFT, price_year or 0, years).astype(np.int64)
