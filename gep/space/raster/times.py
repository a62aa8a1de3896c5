"""The times that netCDF files state of their bands."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from gep.messages.texts import say
from gep.reference.periods import is_period

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_DIMENSION = "netcdf_dim_"
_UNIT = re.compile(r"(second|minute|hour|day)s? since (\d{4})-(\d{1,2})-(\d{1,2})")


def read_time(tags: Mapping[str, str]) -> date | None:
    """Return the day of a band; None where its file states none.

    Parameters
    ----------
    tags : of the band and its file, names in small letters

    Source: Climate and Forecast conventions 1.11, section 4.4: a number of units since a day.
    """
    for name, value in tags.items():
        if not name.startswith(_DIMENSION):
            continue
        unit = _UNIT.match(tags.get(f"{name.removeprefix(_DIMENSION)}#units", "").strip().casefold())
        if unit is not None:
            with suppress(ValueError, OverflowError):
                since = datetime(int(unit[2]), int(unit[3]), int(unit[4]))  # noqa: DTZ001 - days of a calendar, nowhere in particular
                return (since + timedelta(**{f"{unit[1]}s": float(value)})).date()
    return None


def doubt_times(times: Sequence[date | None], year: int) -> str:
    """Return a sentence where the times of a year's figure are not all of the accounting year; else nothing."""
    known = sorted(one for one in times if one is not None)
    if not known or not year or is_period(year) or {one.year for one in known} == {year}:
        return ""
    return say(
        "its times are {first} to {last}, the account is of {year}: see that it is the right year",
        first=known[0].isoformat(),
        last=known[-1].isoformat(),
        year=year,
    )
