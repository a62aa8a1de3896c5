"""Findings in columns are the same, in the same order and in both languages, as if each had been made by itself."""

from __future__ import annotations

import numpy as np

from gep.messages.findings import Finding
from gep.messages.many_findings import FindingColumns, Findings, sort_findings
from gep.messages.many_texts import say_each
from gep.messages.problems import Problem
from gep.messages.texts import Name, say, say_in

TEMPLATE = "{product} is reported as {first} ({file}, {where}) and as {second}"


def test_each_text_of_a_column_is_what_say_makes_of_its_row() -> None:
    products, first = ["{稻}", "tea } {0}", "100 %"], [Name("rice {", "稻谷 }"), Name("tea", "茶"), "as it is"]
    texts = say_each(TEMPLATE, {"product": products, "first": first, "where": [3, 4, 50000]}, file="{a}.csv", second=first[0])
    alone = [
        say(TEMPLATE, product=product, first=one, file="{a}.csv", where=where, second=first[0])
        for product, one, where in zip(products, first, (3, 4, 50000), strict=True)
    ]
    assert list(texts) == alone
    for lang in ("en", "zh"):
        assert texts.write(lang) == [say_in(one, lang) for one in alone]
    assert texts.write("en") != texts.write("zh")
    assert [*texts[1:]] == alone[1:]


def test_periods_and_numbers_are_filled_in_as_say_does() -> None:
    template = "{county} {year}: GEP is {value:,.2f} times GDP, {services} of {counted} services accounted for"
    years, values = [20162020, 2019], [1234.567, 0.004]
    texts = say_each(template, {"year": years, "value": values}, county="360725", services=3, counted=21)
    alone = [say(template, county="360725", year=y, value=v, services=3, counted=21) for y, v in zip(years, values, strict=True)]
    assert "2016-2020" in texts.write("zh")[0]
    assert [texts.write(lang) for lang in ("en", "zh")] == [[say_in(one, lang) for one in alone] for lang in ("en", "zh")]


def make_parts() -> list[Finding | FindingColumns]:
    found = say_each("{product} has a value and an output of 0", {"product": ["b", "a", "b", "c"]})
    columns = FindingColumns(
        "B", "parts", ["y", "x", "y", "y"], np.array([7, 7, 7, 2]), [], ["1", "2", "1", "1"], [2019] * 4, found
    )
    in_book = FindingColumns(
        "B", "parts", ["y"] * 2, np.array([7, 7]), ["s!B7", "s!A7"], ["1", "1"], [2019] * 2, "no source", "r", ["h", ""]
    )
    alone = [
        Finding(grade, "source", Problem("y", line, "no source"), "1", 2019) for grade, line in (("D", 1), ("B", 9), ("B", 3))
    ]
    return [alone[0], columns, *alone[1:], in_book, Finding("B", "parts", Problem("y", 7, found[0]), "1", 2019)]


def test_order_and_what_is_kept_do_not_depend_on_how_findings_are_held() -> None:
    parts = make_parts()
    each = list(Findings(parts))
    assert len(each) == 10
    expected = sorted(dict.fromkeys(each))  # the row of a column twice, and once more by itself
    found = sort_findings(parts)
    assert list(found) == expected == [found[at] for at in range(len(found))] == list(sort_findings(each))
    assert len(found) == 8
    assert found.write() == sort_findings(each).write()
    assert found.write()["where"] == [one.where for one in expected]
    assert found.write()["found_zh"] == [say_in(one.problem.found, "zh") for one in expected]
    assert found.count_open() == {"B": 7, "D": 1}
    assert found.list_of("source") == [one for one in expected if one.code == "source"]
    assert not sort_findings([])
    assert sort_findings([]).count_open() == {}
