"""Days and amounts as people, spreadsheets and systems of a budget write them."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

import pytest

from gep.files.written_days import find_today, read_day
from gep.units.money import read_amount


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05",
        "2021-3-5",
        "2021/3/5",
        "2021.03.05",
        "20210305",
        "2021年3月5日",
        "２０２１年３月５日",
        " 2021-03-05 00:00:00 ",
        "2021/3/5 9:30",
    ],
)
def test_days_as_they_are_written(text: str) -> None:
    assert read_day(text) == date(2021, 3, 5)


@pytest.mark.parametrize(
    "text", ["", "44260", "2021", "2021-13-05", "2021-02-30", "202135", "2021-03", "3/5/2021", "2021-03/05", "05.03.2021"]
)
def test_what_is_no_day_or_more_than_one(text: str) -> None:
    assert read_day(text) is None


def test_today_is_the_day_of_china_whatever_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    import time
    from datetime import UTC, datetime

    days = set()
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles", "UTC"):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        days.add(find_today())
    monkeypatch.undo()
    time.tzset()
    now = (datetime.now(UTC) + timedelta(hours=8)).date()
    assert days <= {now, now - timedelta(days=1)}
    assert len(days) <= 1 + (days != {now})


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("417,166.75", "417166.75"),
        (" 417166.75 ", "417166.75"),
        ("４１７，１６６．７５", "417166.75"),
        ("￥5.03", "5.03"),
        ("¥1,000元", "1000"),
        ("5.02 元", "5.02"),
        ("-3", "-3"),
    ],
)
def test_amounts_as_they_are_written(text: str, yuan: str) -> None:
    assert read_amount(text) == Fraction(yuan)


@pytest.mark.parametrize("text", ["1,5", "12,34.5", "0,856", "5万元", "5.0.2", "①", "1e3", "", "元", "5²"])
def test_what_might_be_another_amount_is_refused_as_it_was_written(text: str) -> None:
    with pytest.raises(ValueError, match="is not a decimal number") as refused:
        read_amount(text)
    assert text in str(refused.value)
