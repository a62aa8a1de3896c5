"""Names and notes of schemes in the reader's language: no ids where there is a title, no half of the other language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Program
from toy_schemes import write_facts, write_scheme

from gep.compensation.binding import list_required
from gep.compensation.find import find_versions
from gep.compensation.own_texts import read_locator
from gep.compensation.reading import list_scheme_ids
from gep.compensation.step_notes import say_note
from gep.compensation.stored_words import say_cell, say_legal
from gep.compensation.titles import find_title, name_step, read_titles
from gep.messages.texts import holds_chinese, read_both, say_in

VERSIONS = [one for identity in list_scheme_ids() for one in find_versions(identity)]
ENGLISH = re.compile(r"[a-z]{3,} [a-z]{2,}")


def test_every_name_of_a_shipped_scheme_has_a_title_in_both_languages() -> None:
    names = {(one.scheme.id, name) for one in VERSIONS for name in (*one.scheme.constants, *one.scheme.values)}
    for one in VERSIONS:
        for name in (*one.scheme.constants, *one.scheme.values):
            zh, en = (find_title(one.scheme, name, lang) for lang in ("zh", "en"))
            assert zh != name, (one.scheme.id, name)
            assert holds_chinese(zh), (one.scheme.id, name, zh)
            assert en, (one.scheme.id, name)
            assert not holds_chinese(en), (one.scheme.id, name, en)
    assert set(read_titles()) <= names, "a title of nothing"


def test_what_a_shipped_scheme_leaves_open_is_said_in_one_language() -> None:
    constants = [problem.found for one in VERSIONS for problem in list_required(one) if "the constant" in problem.found]
    assert len(constants) > 20
    for found in constants:
        assert not holds_chinese(found), found
        zh = say_in(found, "zh")
        assert not ENGLISH.search(zh), zh
        assert re.search(r"[\u4e00-\u9fff]（[a-z_0-9]+）", zh), zh
    for one in VERSIONS:
        for constant in one.scheme.constants.values():
            zh = say_note(f"[{constant.mark}] {constant.note}", "zh")
            assert not ENGLISH.search(re.sub(r"\S+\.html", "", zh)), zh


def test_where_a_shipped_scheme_can_be_read_is_said_in_chinese_on_chinese_pages() -> None:
    """Addresses stay; what stands beside them, such as (copy) and number from memory, does not."""
    told = 0
    for one in VERSIONS:
        for legal in one.scheme.legal:
            zh = say_in(read_locator(legal.locator), "zh")
            beside = re.sub(r"[\w.-]+\.[a-z]{2,}/[^\s；（）]*", " ", zh)
            assert not re.search(r"[a-z]{3,}", beside), (one.scheme.id, zh)
            assert say_cell("locator", legal.locator, "zh") == zh
            assert say_cell("locator", legal.locator, "en") == legal.locator
            line = f"[{legal.mark}] {legal.title} {legal.number}（{legal.issuer}，{legal.date}）"
            assert say_legal(f"{line}{legal.locator}\n{line}", "zh") == f"{line}{zh}；{line}"
            told += zh != legal.locator
    assert told > 15


@pytest.mark.parametrize(
    ("text", "zh", "en"),
    [
        ("未载 (not said)", "未载", "not said"),
        (
            "退回 (1) 还是结转 (0)，未载 (returned or rolled over is not said)",
            "退回 (1) 还是结转 (0)，未载",
            "returned or rolled over is not said",
        ),
        ("总磷 (TP (mg/L) of 2017)", "总磷", "TP (mg/L) of 2017"),
        ("每年 (1)", "每年 (1)", "每年 (1)"),
        ("目标 (COD 化学需氧量)", "目标 (COD 化学需氧量)", "目标 (COD 化学需氧量)"),
        ("only English (here)", "only English (here)", "only English (here)"),
    ],
)
def test_a_text_in_both_languages_is_read_as_such(text: str, zh: str, en: str) -> None:
    assert (say_in(read_both(text), "zh"), say_in(read_both(text), "en")) == (zh, en)


def test_a_scheme_of_ones_own_may_title_its_names_in_both_languages(tmp_path: Path, gep: Program) -> None:
    body = (
        "funds: {pool: {sources: [{from: province, amount: money}]}}\n"
        "inputs: {money: {unit: 元, title: 资金, group: pool}, weight: {by: party, unit: score}}\n"
        'constants: {factor: {value: "2", mark: K, note: "未核实 (not verified)"}}\nvalues: {twice: weight * factor}\n'
        "titles: {twice: {zh: 加倍权重, en: doubled weight}, factor: 倍数}\n"
        "rule: [{op: allocate, name: a, fund: pool, by: twice}]\n"
    )
    scheme = write_scheme(tmp_path / "own.yaml", body)
    facts = write_facts(tmp_path / "f.csv", "money,,2021,9,元", *(f"weight,{one},2021,1,score" for one in ("zhi", "an", "bo")))
    asked = ("compensate", str(scheme), "2021", "--inputs", str(facts), "--store", str(tmp_path / "none.duckdb"), "--lang")
    zh, en = (gep(*asked, lang).stdout for lang in ("zh", "en"))
    for said in ("加倍权重", "倍数", "未核实", "倍数（factor） = 2：未核实"):
        assert said in zh, zh
    assert "not verified" not in zh
    assert "doubled weight" in en
    assert "factor = 2: not verified" in en
    assert "未核实" not in en


def test_a_step_is_called_by_the_title_of_its_input() -> None:
    scheme = next(one.scheme for one in VERSIONS if one.scheme.id == "jx-basin-pool")
    titled = next(name for name, one in scheme.inputs.items() if one.title)
    assert name_step(scheme, "input", scheme.inputs[titled].indicator or titled, "zh") == scheme.inputs[titled].title
    assert name_step(scheme, "constant", "w_forest", "en") == "weight of forest quality"
