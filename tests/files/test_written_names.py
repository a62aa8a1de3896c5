"""Names as people write them: characters nobody sees, and letters that look like others."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import Program

from gep.files.written_names import clean_text, find_lookalike, find_unseen, fold_name

UNSEEN = {
    "zero-width space": "\u200b",
    "zero-width joiner": "\u200d",
    "byte order mark": "\ufeff",
    "soft hyphen": "\u00ad",
    "braille blank": "\u2800",
    "Mongolian selector": "\u180b",
    "Mongolian vowel separator": "\u180e",
    "variation selector": "\ufe0f",
    "variation selector 17": "\U000e0100",
    "right-to-left mark": "\u200f",
    "right-to-left override": "\u202e",
    "isolate": "\u2067",
    "Hangul filler": "\u3164",
    "half-width Hangul filler": "\uffa0",
    "grapheme joiner": "\u034f",
    "tag": "\U000e0041",
    "line separator": "\u2028",
    "control": "\x07",
    "private": "\ue000",
}


@pytest.mark.parametrize("letter", UNSEEN.values(), ids=list(UNSEEN))
def test_what_nobody_sees_is_found_taken_out_and_makes_no_other_name(letter: str) -> None:
    assert find_unseen(f"张{letter}三") == letter
    assert clean_text(f"{letter} 张{letter}三{letter}") == "张三"
    assert clean_text(letter) == ""
    assert fold_name(f"张{letter}三") == fold_name("张三")


@pytest.mark.parametrize(
    "text", ["张三", "阿卜杜热西提·买买提", "ئابدۇرېشىت", "ᠮᠣᠩᠭᠣᠯ", "བཀྲ་ཤིས", "Müller", "O'Neil", "茶叶（一级）A-1", "дом", "γ"]
)
def test_honest_names_pass(text: str) -> None:
    assert (find_unseen(text), find_lookalike(text), clean_text(text)) == ("", "", text)


@pytest.mark.parametrize(
    ("twin", "name"),
    [("tе\u0430", "tea"), ("Zhаng", "zhang"), ("ｔｅａ", "tea"), ("TEA ", "tea"), ("ορ", "op"), ("ニ级茶", "二级茶")],
)
def test_names_that_look_alike_are_one(twin: str, name: str) -> None:
    assert fold_name(twin) == fold_name(name)


@pytest.mark.parametrize("twin", ["tеa", "Zhаng 三", "teα"])
def test_a_letter_of_another_script_among_latin_ones_is_found(twin: str) -> None:
    assert find_lookalike(twin)


@pytest.mark.parametrize("letter", UNSEEN.values(), ids=list(UNSEEN))
def test_a_name_that_signs_can_be_seen(jinxi: Path, letter: str) -> None:
    """Refused before anything is written: the kept store is not copied."""
    gep = Program("")
    where = ("361027", "2022", "--store", str(jinxi), "--lang", "en")
    assert "no name is given" in gep("submit", *where, "--by", letter, "--note", "n", code=2).stderr
    assert "a character that nobody sees: U+" in gep("submit", *where, "--by", f"张{letter}三", "--note", "n", code=2).stderr


def test_what_has_no_letter_or_too_many_is_no_name(jinxi: Path) -> None:
    where = ("--store", str(jinxi), "--lang", "en")
    for who in ("-", "123", "…", "!" * 9):
        told = Program("")("submit", "361027", "2022", "--by", who, "--note", "n", *where, code=2).stderr
        assert "is no name: it has no letter" in told
    assert "the name has 101 letters" in Program("")("submit", "361027", "2022", "--by", "张" * 101, *where, code=2).stderr


@pytest.mark.parametrize("shown", ["\u2800", "张三\ufe0f", "-", "Zh\u0430ng"])
def test_a_person_of_the_platform_has_a_name_that_can_be_seen(tmp_path: Path, shown: str) -> None:
    told = ("user", "add", "zs", "--role", "viewer", "--shown", shown, "--store", str(tmp_path / "s.duckdb"))
    assert "SHOWN" in Program("")(*told, code=2).stderr


def test_the_checker_is_not_the_maker_in_other_letters(jinxi: Path, tmp_path: Path) -> None:
    store = shutil.copy(jinxi, tmp_path / "gep.duckdb")
    gep = Program("")
    where = ("361027", "2022", "--store", str(store), "--lang", "en")
    gep("submit", *where, "--by", "Zhang San", "--note", "n")
    for who in (
        "Zh\u0430ng S\u0430n",
        "zhang\u00a0san",
        "ＺＨＡＮＧ ＳＡＮ",
        "Zhang\u200bSan",
        "Zhang San\ufe0f",
        "Zhang-San.",
        "Zháng Sān",
    ):
        gep("approve", *where, "--by", who, "--note", "ok", code=2)
    for note in ("\u200b\u2800", "-", ".", "…", "\u3164"):
        assert "this step needs a note" in gep("approve", *where, "--by", "李四", "--note", note, code=2).stderr
    gep("approve", *where, "--by", "李四", "--note", "ok")


@pytest.mark.parametrize(
    ("maker", "checkers"), [("张三", ("張三", "張 三", "張三。")), ("陳麗華", ("陈丽华", "陳丽華")), ("刘峰", ("劉峯",))]
)
def test_the_checker_is_not_the_maker_in_traditional_characters(
    maker: str, checkers: tuple[str, ...], jinxi: Path, tmp_path: Path
) -> None:
    store = shutil.copy(jinxi, tmp_path / "gep.duckdb")
    gep = Program("")
    where = ("361027", "2022", "--store", str(store), "--lang", "en")
    gep("submit", *where, "--by", maker, "--note", "n")
    for who in checkers:
        assert "another person" in gep("approve", *where, "--by", who, "--note", "ok", code=2).stderr, who
    gep("approve", *where, "--by", "張四", "--note", "ok")


def test_twins_among_products_are_refused(tmp_path: Path) -> None:
    table = tmp_path / "in.csv"
    head = "county,year,variable,ecosystem,pollutant,product,value,unit,source,note\n"
    row = "361027,2022,agricultural_product_value,,,{},1,万元,年鉴,\n"
    gep = Program("")
    for one, other in (
        ("茶葉", "茶叶"),
        ("臍橙", "脐橙"),
        ("峯山茶", "峰山茶"),
        ("茶\u00ad叶", "茶叶"),
        ("茶叶\ufe0e", "茶叶"),
        ("ニ级茶", "二级茶"),
        ("茶\u2800叶", "茶叶"),
    ):
        table.write_text(head + row.format(one) + row.format(other), "utf-8")
        told = gep("check", str(table), "--store", str(tmp_path / "s.duckdb"), "--lang", "en", code=2)
        assert "stands already in" in told.stdout + told.stderr, (one, other)
    table.write_text(head + row.format("t\u0435a"), "utf-8")
    told = gep("check", str(table), "--store", str(tmp_path / "s.duckdb"), "--lang", "en", code=2)
    assert "U+0435 CYRILLIC SMALL LETTER IE" in told.stdout + told.stderr
