"""Days as people and spreadsheets write them, and which day it is where the accounts are kept."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from gep.files.written_numbers import narrow_digits

CHINA = timezone(timedelta(hours=8))
"""Beijing time, the time of all of China; without summer time."""
_PARTED = re.compile(r"([0-9]{4})([-/.])([0-9]{1,2})\2([0-9]{1,2})")
_IN_WORDS = re.compile(r"([0-9]{4})年([0-9]{1,2})月([0-9]{1,2})[日号]")
_TOGETHER = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_TIME = re.compile(r"[ T][0-9]{1,2}:[0-9]{2}(:[0-9]{2})?")
"""The time of day that systems put behind a day; it does not count."""


def read_day(text: str) -> date | None:
    """Return the day that a text means, such as 2021-03-05, 2021/3/5, 2021.3.5, 20210305 and 2021年3月5日; None where it is none."""
    plain = narrow_digits(text)
    plain = _TIME.sub("", plain)
    if found := _PARTED.fullmatch(plain):
        parts = found[1], found[3], found[4]
    elif found := _IN_WORDS.fullmatch(plain.replace(" ", "")) or _TOGETHER.fullmatch(plain):
        parts = found[1], found[2], found[3]
    else:
        return None
    try:
        return date(*map(int, parts))
    except ValueError:
        return None


def in_china(moment: datetime) -> datetime:
    """Return a moment of a store, which is UTC without saying so, as a clock in China shows it."""
    return moment.replace(tzinfo=UTC).astimezone(CHINA)


def find_today() -> date:
    """Return the day it is in China, whatever the time zone of the machine."""
    return datetime.now(UTC).astimezone(CHINA).date()
