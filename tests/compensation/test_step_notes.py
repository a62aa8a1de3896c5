"""What stands beside a stored step is a code; it is said in the reader's language where it is printed."""

from __future__ import annotations

import pytest
from conftest import ROOT
from languages import HAN

from gep.compensation.compute import compute
from gep.compensation.facts import read_facts
from gep.compensation.find import find_scheme
from gep.compensation.step_notes import make_code, say_note
from gep.compensation.stored_words import say_cell


@pytest.mark.parametrize(
    ("note", "zh", "en"),
    [
        (make_code("largest_remainder", 1), "最大余数，加 1 分", "1 fen by largest remainder"),
        (make_code("rounded_down"), "舍去", "rounded down"),
        ("0.5 × 100.00 [capped] 第三条", "0.5 × 100.00 封顶 第三条", "0.5 × 100.00 capped 第三条"),
        (make_code("higher_is", "yangtze"), "不付：yangtze 最高", "not paid: yangtze is higher"),
        (make_code("instalment", 1, 10, "229.50"), "第 1/10 期；以后各期 229.50", "instalment 1 of 10, 229.50 yuan later"),
        ("[no_row 0] 事故登记中没有该县的记录", "没有该行，按 0 事故登记中没有该县的记录", "no row: 0 事故登记中没有该县的记录"),
        ("最大余数，加 1 分", "最大余数，加 1 分", "最大余数，加 1 分"),  # stored by an older version
        ("[V] read in print", "[V] read in print", "[V] read in print"),
        ("[unheard_of 1]", "[unheard_of 1]", "[unheard_of 1]"),
        ("[capped 1 2]", "[capped 1 2]", "[capped 1 2]"),
    ],
)
def test_a_code_is_said_in_both_languages(note: str, zh: str, en: str) -> None:
    assert (say_note(note, "zh"), say_note(note, "en")) == (zh, en)


def test_no_operation_writes_a_language_into_its_steps() -> None:
    facts = read_facts([ROOT / "inputs" / "jiangxi-transfers-example"])
    own = ("clause", "reason", "title")
    for identity, year in (("jx-basin-pool", 2016), ("jx-kefz", 2023)):
        result = compute(find_scheme(identity, year), facts, year)
        texts = [getattr(one, name) for one in result.ready.scheme.rule for name in own if getattr(one, name, "")]
        for step in result.steps:
            if step.stage in {"input", "constant", "payment", "fund"}:
                continue  # sources, numbers of papers and notes of the files themselves
            note = step.note
            for text in texts:
                note = note.replace(text, "")
            assert not HAN.search(note), step


@pytest.mark.parametrize(
    ("stored", "zh", "en"),
    [
        ("水权转让, instalment 1 of 3", "水权转让，第 1 期（共 3 期）", "水权转让, instalment 1 of 3"),
        ("水权转让, instalment 1 of 3：2 期", "水权转让，第 1 期（共 3 期）：2 期", "水权转让, instalment 1 of 3: 2 periods"),
        ("奖补资金: rest", "奖补资金：余额", "奖补资金: rest"),
        ("奖补资金: residual；补助（减）", "奖补资金：取整尾差；补助（减）", "奖补资金: residual；补助 (less)"),
        ("达标：3 期，减去相反方向 1 期", "达标：3 期，减去相反方向 1 期", "达标: 3 periods, less 1 the other way"),
        ("rest: restored", "rest: restored", "rest: restored"),
    ],
)
def test_the_reason_of_a_posting_is_in_the_language_of_the_page(stored: str, zh: str, en: str) -> None:
    assert (say_cell("reason", stored, "zh"), say_cell("reason", stored, "en")) == (zh, en)
