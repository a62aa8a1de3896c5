"""Sources in two languages: no Chinese page says in English where a number or a formula stands, but for names and symbols."""

from __future__ import annotations

import re
from itertools import combinations

import pytest
import yaml
from citations import list_clauses, list_locators, list_notes
from conftest import ROOT

from gep.coefficients.shipped import read_shipped_tables
from gep.messages.citing import cite, say_cited
from gep.messages.texts import say_in
from gep.office.differences import list_told_differences

NAMES = {"lyzy", "exp", "Hou", "Rao", "declining", "own", "rate", "Crr", "Turc"}
"""Names of programs, authors and options, functions and symbols of formulas."""
WORD = re.compile(r"(?<![A-Za-z0-9./-])(?:[A-Za-z]?[a-z]{3,}|an|as|at|by|in|is|no|of|on|to)(?![A-Za-z0-9./])")
SPOKEN = ("program", "method", "physics", "geography", "news", "dataset")
"""Kinds of sources whose titles are descriptions of ours, or translate without loss; titles of papers and books are quoted."""


def _list_english(text: str) -> list[str]:
    known = {word for key in read_shipped_tables().sources for word in WORD.findall(key)}
    return [word for word in WORD.findall(text) if word not in NAMES | known]


@pytest.mark.parametrize("texts", [list_clauses, list_locators, list_notes])
def test_places_in_sources_have_no_english_words_in_chinese(texts: object) -> None:
    found = texts()  # type: ignore[operator]
    assert len(found) > 70
    said = {text: say_cited(text, "zh") for text in found}
    assert {text: zh for text, zh in said.items() if _list_english(zh)} == {}
    assert all(say_cited(text, "en") == text for text in found)


def test_a_place_is_said_piece_by_piece_or_stays_whole() -> None:
    assert say_cited("section 9.9 (3) and table 12, recomputed", "zh") == "第9.9（3）节和表12，重新计算"
    assert say_cited("annex B.7 p. 31; eq. 4", "zh") == "附录B.7第31页；式4"
    assert say_cited("section 3, what nobody has translated", "zh") == "section 3, what nobody has translated"
    assert say_cited("县统计局2022年年报第12页", "zh") == "县统计局2022年年报第12页"
    cited = cite("gong-2017", "table of mean runoff coefficients", "CN")
    assert cited == "gong-2017, table of mean runoff coefficients (CN)"
    assert say_in(cited, "zh") == "gong-2017，平均径流系数表（CN）"


def test_sources_of_ours_have_a_chinese_title_and_every_key_stands_once() -> None:
    text = (ROOT / "coefficients/sources.yaml").read_text("utf-8")
    keys = re.findall(r"^([a-z0-9-]+):", text, re.MULTILINE)
    assert len(keys) == len(set(keys))
    sources = yaml.safe_load(text)
    plain = {key for key, one in sources.items() if one["kind"] in SPOKEN and not re.search("[一-鿿]", str(one["title"]))}
    assert plain == {"dk-national-accounts", "clcd", "dynamic-world", "equivalency-method"}  # quoted titles


@pytest.mark.parametrize("pair", list(combinations(("ndrc-2022", "gbt46869-2025", "hj1173-2021", "equivalent-factors"), 2)))
def test_differences_of_standards_are_told_in_titles_and_printed_units(pair: tuple[str, str]) -> None:
    for lang in ("zh", "en"):
        told = list_told_differences(*pair, lang)
        assert told
        cells = [cell for row in told for cell in row]
        assert [cell for cell in cells if re.search(r"[a-z]_[a-z]|\^|\bug/", cell)] == []
        if lang == "zh":
            assert [cell for cell in cells if "CNY" in cell or _list_english(re.sub(r"取值集 \w+", "", cell))] == []
