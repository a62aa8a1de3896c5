"""Notices are stored with ids, since the hash of a run stands for their texts; people read titles."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Program
from kept_stores import UNIT

from gep.account.said_notices import say_notice
from gep.reports.content import make_report
from gep.store.store import Store

ID = re.compile(r"(?<![\w/.])[a-z]+(?:_[a-z0-9]+)+(?:\.[a-z_]+)?(?![\w/.])")
"""A word with low lines; files and addresses of figures have theirs."""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_notice_of_a_report_names_an_id(hostile: Path, lang: str) -> None:
    with Store(hostile) as store:
        statements = make_report(store, 2, 0, lang).statements
    assert len(statements) > 20
    assert [text for _, text in statements if ID.search(text)] == []


def test_titles_stand_in_place_of_ids() -> None:
    en = "the formula of sand_fixation.amount (rweq_closed_form) is recalled, not verified [K]"
    assert say_notice("", en, "en") == "the formula of sand fixed (“RWEQ, closed form”) is recalled, not verified [K]"
    en = "that my-standard computes my_own.rule by my_way is not verified [D]"
    assert say_notice("", en, "en") == en
    said = say_notice("湖泊面积 lake_area:本标准下没有规则使用该填报值:2.8", "lake_area: read by nothing: 2.8", "zh")
    assert said == "湖泊面积：本标准下没有规则使用该填报值：2.8"
    assert say_notice("", "P9: tourism_health and landscape_premium count part", "en").startswith(
        "P9: tourism and health and landscape"
    )


def test_the_terminal_says_titles_too(gep: Program, hostile: Path) -> None:
    for lang in ("zh", "en"):
        shown = gep("review", UNIT, "2022", "--store", str(hostile), "--lang", lang).stdout
        cautions = re.split(r"^8 ", shown, flags=re.MULTILINE)[1].split("\n9 ")[0]
        assert "slope_factor" not in cautions
