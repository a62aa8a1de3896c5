"""The catalogue by form and table, thresholds against series by hand, alerts and who saw them, and everything that is refused."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import openpyxl
import pytest
import yaml
from conftest import Program
from doc_pages import run_examples
from languages import check_both

from gep.messages.problems import Problems
from gep.tasks.products import find_catalogue, find_watch

HEAD = "product,kind,place,amount,unit,quality,season,department,evidence\n"
ORANGE = "蜜桔,material,琉璃乡,1200,t,绿色食品,10-12,农业农村局,产量调查表 3\n"


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_form_that_is_filled_in_says_what_a_table_says(gep: Program, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    gep("products", "form", "金溪县", "2023", "-o", str(form))
    book = openpyxl.load_workbook(form)
    sheet = book.worksheets[0]
    for at, text in enumerate(ORANGE.strip().split(","), 1):
        sheet.cell(4, at, float(text) if text == "1200" else {"material": "物质供给"}.get(text, text))
    book.save(form)
    (one,) = find_catalogue([form])
    (other,) = find_catalogue([write(tmp_path, "table.csv", HEAD + ORANGE)])
    assert {**one.as_dict(), "address": ""} == {**other.as_dict(), "address": ""}
    assert one.amount.address.endswith("form.xlsx!生态产品目录!D4")
    assert one.months == (10, 11, 12)
    sheet.cell(4, 4, "约1200")
    book.save(form)
    with pytest.raises(Problems) as caught:
        find_catalogue([form])
    assert "form.xlsx!生态产品目录!D4: amount is '约1200'" in str(caught.value)


def test_an_empty_form_has_nothing_to_say(gep: Program, tmp_path: Path) -> None:
    form = tmp_path / "form.xlsx"
    gep("products", "form", "361027", "2023", "-o", str(form))
    assert "no sheet has the headings and a row" in gep("products", "catalogue", str(form), code=2).stderr


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("material", "food", "kind is 'food'"),
        ("1200,t", "1200,吨吨", "unit of amount is '吨吨'"),
        ("1200,t", "1200,", "unit is missing"),
        ("1200,t", "-3,t", "amount is '-3'"),
        ("10-12", "13-2", "season is '13-2'"),
        ("10-12", "autumn", "season is 'autumn'"),
        ("农业农村局", "", "department is missing"),
        ("产量调查表 3", "", "evidence is missing"),
    ],
)
def test_an_entry_that_cannot_be_meant_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_catalogue([write(tmp_path, "table.csv", HEAD + ORANGE.replace(old, new, 1))])
    assert said in str(caught.value)
    check_both(caught.value)


def test_one_product_in_two_forms_is_refused_once(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="stands twice"):
        find_catalogue([write(tmp_path, "table.csv", HEAD + ORANGE + ORANGE)])


SERIES = "variable,place,time,value,unit,source\n"


def monthly(values: dict[str, float], unit: str = "mg/L") -> str:
    return SERIES + "".join(f"codmn,A,{time},{value},{unit},月报\n" for time, value in values.items())


def limits(folder: Path, *thresholds: dict[str, str]) -> Path:
    rows = [{"id": f"t{at}", "variable": "codmn", "unit": "mg/L", "basis": "b", **one} for at, one in enumerate(thresholds)]
    return write(folder, "limits.yaml", yaml.safe_dump({"author": "局", "thresholds": rows}, allow_unicode=True))


YEARS = {"2021-05": 3.0, "2022-05": 4.0, "2023-02": 3.0, "2023-03": 4.0, "2023-05": 6.5}


@pytest.mark.parametrize(
    ("when", "passed"),
    [
        ("level > 6", True),
        ("level > 6.5", False),
        ("last_year < 4.5", True),
        ("drift > 2.9 and drift < 3.1", True),  # 6.5 - (3 + 4) / 2
        ("trend > 1.17 and trend < 1.18", True),  # least squares of 3, 4, 6.5 in months 2, 3, 5: 1.1785...
        ("missing == 0", False),
        ("missing == 1", True),
        ("change > 0", None),  # nobody reported April
        ("previous > 0", None),
        ("level > 6 or missing > 3", True),
        ("level / missing > 1", True),
        ("1 / (level - level) > 1", None),
    ],
)
def test_a_threshold_says_what_the_formula_says_by_hand(tmp_path: Path, when: str, passed: bool | None) -> None:
    times = [2.0, 3.0, 5.0]
    mean = sum(times) / 3
    slope = sum((t - mean) * x for t, x in zip(times, [3.0, 4.0, 6.5], strict=True)) / sum((t - mean) ** 2 for t in times)
    found = find_watch([write(tmp_path, "s.csv", monthly(YEARS))], limits(tmp_path, {"when": when}), _day("2023-06-30"))
    if "trend" in when:
        when = f"trend > {slope - 1e-9:.12f} and trend < {slope + 1e-9:.12f}"
        found = find_watch([write(tmp_path, "s.csv", monthly(YEARS))], limits(tmp_path, {"when": when}), _day("2023-06-30"))
    assert found.found[0].passed is passed
    if passed is None:
        assert found.found[0].unknown or "/" in when
        assert not found.alerts


def _day(text: str):  # type: ignore[no-untyped-def]
    from datetime import date

    return date.fromisoformat(text)


def test_a_day_knows_only_what_was_reported_by_then(tmp_path: Path) -> None:
    series, document = write(tmp_path, "s.csv", monthly(YEARS)), limits(tmp_path, {"when": "level > 6"})
    assert find_watch([series], document, _day("2023-05-30")).alerts == []
    assert len(find_watch([series], document, _day("2023-05-31")).alerts) == 1
    early = find_watch([series], document, _day("2020-01-01"))
    assert early.found[0].passed is None


def test_units_are_those_of_the_threshold_and_days_are_days(tmp_path: Path) -> None:
    text = SERIES + "pm25,A,2024-02-28,0.080,mg/m3,站\npm25,A,2024-02-29,0.090,mg/m3,站\npm25,A,2024-03-01,0.100,mg/m3,站\n"
    document = limits(
        tmp_path,
        {"variable": "pm25", "unit": "ug/m3", "when": "level > 99 and change < 10.1"},
        {"variable": "pm25", "unit": "ug/m3", "when": "trend > 9.9 and trend < 10.1"},
        {"variable": "pm25", "unit": "ug/m3", "when": "missing >= 5"},
    )
    found = find_watch([write(tmp_path, "s.csv", text)], document, _day("2024-03-06"))
    assert [one.passed for one in found.found] == [True, True, True]


def test_an_alert_is_seen_once_and_stays_seen_until_the_next_month(gep: Program, tmp_path: Path) -> None:
    series, document, log = (
        write(tmp_path, "s.csv", monthly(YEARS)),
        limits(tmp_path, {"when": "level > 6"}),
        tmp_path / "seen.csv",
    )
    call = (str(series), "--thresholds", str(document), "--on", "2023-06-10", "--log", str(log))
    first = json.loads(gep("products", "watch", *call, "--format", "json").stdout)
    assert first["open"] == 1
    alert = first["watched"][0]["alert"]
    assert first["watched"][0]["explained"][0]["origins"][0]["address"].endswith("s.csv:6")
    said = ("--by", "李四", "--note", "已现场核查")
    gep("products", "acknowledge", alert, *call, *said)
    again = json.loads(gep("products", "watch", *call, "--format", "json").stdout)
    assert (again["open"], again["watched"][0]["acknowledged_by"]) == (0, "李四")
    assert "was seen by 李四" in gep("products", "acknowledge", alert, *call, *said, code=2).stderr
    assert "there is no alert 'abc'" in gep("products", "acknowledge", "abc", *call, *said, code=2).stderr
    write(tmp_path, "s.csv", monthly({**YEARS, "2023-06": 7.0}))
    later = (*call[:4], "2023-07-10", *call[5:])
    assert (
        json.loads(gep("products", "watch", *later[:3], "--on", "2023-07-10", "--log", str(log), "--format", "json").stdout)[
            "open"
        ]
        == 1
    )
    assert log.read_text("utf-8").splitlines()[0] == "alert,by,day,note"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"variable": "codmm"}, "nobody reports 'codmm'"),
        ({"place": "B"}, "nobody reports 'codmn' at B"),
        ({"unit": "m3"}, "unit of t0 is 'm3'"),
        ({"when": "levl > 6"}, "there is no quantity 'levl'"),
        ({"when": "level >"}, "is not a formula"),
        ({"when": "level"}, "compares nothing"),
        ({"when": "level ** 2 > 6"}, "power"),
        ({"basis": ""}, "basis is missing"),
        ({"severity": "panic"}, "severity"),
        ({"wen": "level > 6"}, "wen is not known here"),
    ],
)
def test_a_threshold_that_cannot_be_meant_is_refused(tmp_path: Path, changed: dict[str, str], said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_watch(
            [write(tmp_path, "s.csv", monthly(YEARS))], limits(tmp_path, {"when": "level > 6", **changed}), _day("2023-06-30")
        )
    assert said in str(caught.value)
    check_both(caught.value)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("codmn,A,2023-05,3,mg/L,月报", "stands twice"),
        ("codmn,A,2023-06-01,3,mg/L,日报", "is reported by month and by day"),
        ("codmn,A,2023-13,3,mg/L,月报", "time is '2023-13'"),
        ("codmn,A,2023年6月,3,mg/L,月报", "time is"),
        ("codmn,A,2023-06,3,m3,月报", "unit of value is 'm3'"),
        ("codmn,A,2023-06,,mg/L,月报", "value is ''"),
        ("codmn,A,2023-06,3,mg/L,", "source is missing"),
        ("codmn,A,2023-06,3,,月报", "unit is missing"),
    ],
)
def test_a_series_that_cannot_be_meant_is_refused(tmp_path: Path, row: str, said: str) -> None:
    with pytest.raises(Problems) as caught:
        find_watch(
            [write(tmp_path, "s.csv", monthly(YEARS) + row + "\n")], limits(tmp_path, {"when": "level > 6"}), _day("2023-06-30")
        )
    assert said in str(caught.value)
    check_both(caught.value)


def test_the_examples_of_the_page_are_what_the_program_prints(gep: Program, tmp_path: Path) -> None:
    assert run_examples(gep, "products.md", tmp_path, tmp_path / "gep.duckdb") == 5


def test_a_change_of_decimals_is_compared_as_it_is_written(tmp_path: Path) -> None:
    """6.4 - 4.1 is 2.3, not 2.3000000000000007; 4100 ug/L are 4.1 mg/L."""
    series = write(tmp_path, "s.csv", SERIES + "codmn,甲,2023-04,4100,ug/L,a\ncodmn,甲,2023-05,6400,ug/L,a\n")
    limits = [
        {"id": one, "variable": "codmn", "when": one, "unit": "mg/L", "basis": "b"} for one in ("change > 2.3", "level > 6.4")
    ]
    document = write(tmp_path, "l.yaml", yaml.safe_dump({"author": "局", "thresholds": limits}, allow_unicode=True))
    assert not find_watch([series], document, date(2023, 6, 10)).alerts
