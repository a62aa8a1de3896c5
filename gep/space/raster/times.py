"""The times of rasters: those that netCDF files state of their bands, and those in the names of files; whether they are the parts of a year."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from gep.messages.texts import say
from gep.reference.periods import is_period
from gep.space.raster.sources import describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gep.space.raster.sources import Raster

_DIMENSION = "netcdf_dim_"
_OUR_CALENDAR = {"", "standard", "gregorian", "proleptic_gregorian"}
"""Days of models without leap years, or of years of 360 days, are no days of ours."""
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
        of = name.removeprefix(_DIMENSION)
        unit = _UNIT.match(tags.get(f"{of}#units", "").strip().casefold())
        if unit is not None and tags.get(f"{of}#calendar", "standard").strip().casefold() in _OUR_CALENDAR:
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


_BY_MONTH = re.compile(r"(?<!\d)((?:19|20)\d\d)(?:[._-]?(0[1-9]|1[0-2])|[._-]([1-9]))(?:[._-]?(0[1-9]|[12]\d|3[01]))?(?!\d)")
"""A month in the name of a file, and a day: 2021.07, 2021-07, 2021_7, 202107, 2021-07-01, 20210701."""
_BY_DAY = re.compile(r"(?<!\d)((?:19|20)\d\d)([0-3]\d\d)(?!\d)")
"""A day of the year: A2021193."""
_MONTHS = 12
_LONGER = 1.5
"""A step this much longer than most is a gap: the last eight days of a year are five."""


def list_dates(rasters: Sequence[Raster], tags: Sequence[Mapping[str, str]], year: int = 0) -> list[date]:
    """Return the day that each of several rasters is of or begins with, as its file states or its name says; nothing where one says none, or all the same.

    Parameters
    ----------
    tags : of each raster and its file, names in small letters
    year : of which files that are numbered only, 1 to 12, are the months; 0: of none
    """
    several_bands = len({one.path for one in rasters}) < len(rasters)
    found = [read_time(own) or (None if several_bands else _read_name(one.path)) for one, own in zip(rasters, tags, strict=True)]
    known = [one for one in found if one is not None]
    if not known and not several_bands and year and not is_period(year):
        known = [date(year, month, 1) for month in _read_numbers([one.path for one in rasters])]
    return known if len(known) == len(found) and len({*known}) > 1 else []


_LEAST_NUMBERED = 7
"""Files numbered up to twelve that are months by their numbers: fewer may be the components of something."""


def _read_numbers(paths: Sequence[str]) -> list[int]:
    """Return the months by which files are numbered whose names differ in one number only; nothing where they are not."""
    names = [re.split(r"(\d+)", Path(one).name) for one in paths]
    if not _LEAST_NUMBERED <= len(names) <= _MONTHS or len({len(one) for one in names}) > 1:
        return []
    differing = [parts for parts in zip(*names, strict=True) if len({*parts}) > 1]
    numbers = [int(one) if one.isdigit() else 0 for parts in differing for one in parts]
    return numbers if len(differing) == 1 and all(0 < one <= _MONTHS for one in numbers) else []


def _read_name(path: str) -> date | None:
    name = Path(path).name
    by_month, by_day = _BY_MONTH.findall(name), _BY_DAY.findall(name)
    if len(by_month) + len(by_day) != 1:
        return None
    with suppress(ValueError):
        if by_month:
            ((year, month, short, day),) = by_month
            return date(int(year), int(month or short), int(day or 1))
        ((year, day),) = by_day
        return date(int(year), 1, 1) + timedelta(int(day) - 1)
    return None


def check_parts(path: str, dates: Sequence[date], *, whole_year: bool) -> None:
    """Refuse parts of a time of which one stands twice or is missing: what is missing is no zero.

    Parameters
    ----------
    path  : the first file, for the message
    dates : of the parts; nothing is judged where there are none
    whole_year : they are added up to a year, and all of it must be there

    Raises
    ------
    Problems : two parts are of one time, one in the middle is missing, or months are not those of a year
    """
    inside = sorted(dates)
    months = [one.year * _MONTHS + one.month for one in inside]
    by_month = len({*months}) == len(months)
    steps = [two - one for one, two in pairwise(months if by_month else [one.toordinal() for one in inside])]
    usual = sorted(steps)[len(steps) // 2] if steps else 0
    wrong = next((at for at, step in enumerate(steps) if step == 0 or (whole_year and step > _LONGER * usual)), None)
    hint = "names or times in the files say so: is a file a copy, of another year, or left out? what is missing is no zero"
    if wrong is not None:
        one, two = inside[wrong], inside[wrong + 1]
        said = (
            say("two of them are of {day}", day=one.isoformat())
            if steps[wrong] == 0
            else say("after {one} comes {two}", one=one.isoformat(), two=two.isoformat())
        )
        raise describe_wrong_file(path, said, "the parts of a time one after another, each once", hint)
    if whole_year and steps and not (len(months) * usual == _MONTHS if by_month else _is_a_year(inside, usual)):
        raise describe_wrong_file(
            path,
            say(
                "{count} parts are given, {first} to {last}",
                count=len(inside),
                first=inside[0].isoformat(),
                last=inside[-1].isoformat(),
            ),
            say("the parts of a whole year"),
            hint,
        )


def _is_a_year(inside: Sequence[date], usual: int) -> bool:
    """Whether parts of so many days each are a year: days exactly, weeks and the like to the two days that 52 of them lack."""
    first = inside[0]
    year = (date(first.year + 1, first.month, min(first.day, 28)) - date(first.year, first.month, min(first.day, 28))).days
    covered = (inside[-1] - first).days + usual
    return year - min(2, usual - 1) <= covered < year + usual
