"""Everything said to people can be said in Chinese: the catalogue is whole, has nothing too much, and nothing English comes through."""

from __future__ import annotations

import ast
import copy
import errno
import json
import os
import pickle
import re
import string
from functools import cache
from pathlib import Path

import pytest
from citations import list_clauses, list_locators, list_notes
from conftest import ROOT, Program
from house import nodes_in, parse
from languages import HAN, left_in_english
from spoken import texts_of_click, texts_of_commands, texts_of_pages

from gep.messages.catalogue import list_chinese
from gep.messages.problems import Problems
from gep.messages.texts import join_list, name_id, read_terminal_language, say, say_in
from gep.reference.plausible import read_bands
from gep.rules.catalogue import COEFFICIENTS
from gep.standards.glossary import list_variables
from gep.tasks.run import run_account
from gep.units.registry import UnitError, find_factor, make_registry, parse_unit
from gep.variables.catalogue import VARIABLES

WRONG = ROOT / "tests" / "wrong"

TEXT_ARGUMENTS = {
    "refuse_one": slice(1, 4),
    "wrong_file": slice(1, 4),
    "_cannot": slice(0, 3),
    "_tell": slice(2, 4),
    "_again": slice(1, 3),
    "PrefixError": slice(1, 3),
    "Difference": slice(1, 3),
    "Problem": slice(2, 5),
    "Finding": slice(5, 8),
    "doubt": slice(3, 6),
    "doubt_each": slice(4, 7),
    "problem": slice(2, 5),
    "finding": slice(4, 7),
    "finder.add": slice(1, 4),
    "_says": slice(0, 1),
    "wrong": slice(0, 3),
    "UnitError": slice(0, 1),
    "_refused": slice(1, 3),
    "go": slice(2, 3),
}
"""What makes a problem or a finding → which of its arguments are texts."""
OF_SCHEMES = {"tell": slice(1, 4), "_here": slice(2, 5), "_told": slice(1, 4), "refused": slice(1, 4)}
"""The same of names that mean something else outside gep/compensation."""
NO_WORDS = re.compile(r"|--?[\w-]+|-?[\w-]*\.\w+|\W*")
"""Options and endings are the same in both languages."""


def modules() -> list[Path]:
    return sorted((ROOT / "gep").rglob("*.py"))


def called(node: ast.Call) -> str:
    """The name of what is called; `finder.add` only, not every `add`, takes texts."""
    match node.func:
        case ast.Name(id=name):
            return name
        case ast.Attribute(attr=name, value=ast.Name(id="finder" as whose)):
            return f"{whose}.{name}"
        case ast.Attribute(attr=name):
            return name
    return ""


def said(node: ast.expr, assigned: dict[str, list[ast.expr]], depth: int = 0) -> set[str]:
    """The templates and whole sentences an expression may give."""
    match node:
        case ast.Constant(value=str() as text):
            return set() if NO_WORDS.fullmatch(text) else {text}
        case ast.IfExp():
            return said(node.body, assigned, depth) | said(node.orelse, assigned, depth)
        case ast.BoolOp():
            return set().union(*(said(one, assigned, depth) for one in node.values))
        case ast.Name() if depth < 3:
            return set().union(*(said(one, assigned, depth + 1) for one in assigned.get(node.id, [])))
        case ast.Lambda():
            return said(node.body, assigned, depth)
        case (
            ast.Call(func=ast.Name(id="say" | "say_each"), args=[ast.Constant(value=str() as template), *_])
            | ast.Call(func=ast.Name(id="translate"), args=[_, ast.Constant(value=str() as template), *_])
        ):
            return {template}
        case ast.Subscript(value=ast.Name(id=name)) | ast.Call(func=ast.Attribute(attr="get", value=ast.Name(id=name))) if (
            depth < 3
        ):
            return set().union(*(said(one, assigned, depth + 1) for one in assigned.get(name, []) if isinstance(one, ast.Dict)))
        case ast.Dict():
            return set().union(*(said(one, assigned, depth) for one in node.values))
        case ast.JoinedStr(values=parts):
            if all(NO_WORDS.fullmatch(str(part.value)) for part in parts if isinstance(part, ast.Constant)):
                return set()
            return {f"f-string in line {node.lineno}: {ast.unparse(node)}"}
        case ast.BinOp():
            return {f"sum in line {node.lineno}: {ast.unparse(node)}"}
    return set()


@cache
def used(path: Path) -> set[str]:
    """All texts of problems and findings in a module, and everything that is said."""
    tree = parse(path.read_text("utf-8"))
    arguments = TEXT_ARGUMENTS | (OF_SCHEMES if "compensation" in path.parts else {})
    found: set[str] = set()
    scopes = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    for scope in [tree, *scopes]:
        assigned: dict[str, list[ast.expr]] = {}
        for node in [*tree.body, *ast.walk(scope)]:
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                assigned.setdefault(node.targets[0].id, []).append(node.value)
        for node in ast.walk(scope):
            if not isinstance(node, ast.Call):
                continue
            found |= (
                said(node, {}) if isinstance(node.func, ast.Name) and node.func.id in {"say", "say_each", "translate"} else set()
            )
            taken = arguments.get(called(node))
            for argument in node.args[taken] if taken and scope is not tree else []:
                found |= said(argument, assigned)
    return found


def placeholders(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def constants() -> set[str]:
    """Every string in the program and in the tables it says words of."""
    found = {
        node.value
        for path in (ROOT / "gep").rglob("*.py")
        for node in nodes_in(path.read_text("utf-8"))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    found |= {text for band in read_bands() for text in (band.source, band.locator or band.note)}
    found |= {name.strip("[]").replace("_", " ") for name in make_registry()._dimensions}
    return found | list_axes() | SYSTEM


def list_axes() -> set[str]:
    """Every axis of what the program and the shipped standards know."""
    declared = {axis for one in list_variables(None, None) for axis in one["axes"]}
    return declared | {axis for leaf in (*VARIABLES.values(), *COEFFICIENTS.values()) for axis in leaf.axes}


NAMES_OF_CLICK = {"{value!r} is not a valid {number_type}."}
"""Sentences of click into which it puts an English word that the Chinese one does without."""

SYSTEM = {
    os.strerror(number)
    for number in (
        errno.EACCES,
        errno.EROFS,
        errno.EPERM,
        errno.ENOSPC,
        errno.EFBIG,
        errno.EIO,
        errno.EISDIR,
        errno.ENOTDIR,
        errno.ENOENT,
        errno.EEXIST,
        errno.ENAMETOOLONG,
    )
}
"""What the system says when a file cannot be read or written."""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(ROOT)))
def test_every_text_has_its_chinese(path: Path) -> None:
    assert used(path) - set(list_chinese()) == set()


def test_the_texts_are_found_where_they_are_made() -> None:
    """The search itself: plain sentences, templates, choices, variables and tables of hints are found; sums of texts are refused."""
    assert "the workbook has no cover" in used(ROOT / "gep" / "inputs" / "workbook" / "read.py")
    found = set[str]().union(*(used(ROOT / "gep" / "inputs" / f"row_{part}.py") for part in ("units", "members")))
    assert {"a percentage needs the unit %", "variable is {text!r}", "gep variables lists them", "no unit"} <= found
    assert "approved is final; gep run --reason makes a later run" in used(ROOT / "gep" / "store" / "signing.py")
    assert sum(len(used(path)) for path in modules()) > 350


def test_both_languages_fill_in_the_same_and_nothing_is_left_over() -> None:
    for english, text in list_chinese().items():
        assert placeholders(english) == placeholders(text) or english in NAMES_OF_CLICK, english
    left = set(list_chinese()) - constants() - texts_of_commands() - texts_of_click() - texts_of_pages()
    cited = "\n".join(list_clauses() | list_locators() | list_notes())
    assert {text for text in left if text not in cited} == set()
    words = {text for band in read_bands() for text in (band.source, band.locator or band.note)} - {""}
    kinds = {
        name.strip("[]").replace("_", " ")
        for leaf in (*VARIABLES.values(), *COEFFICIENTS.values())
        for name, _ in parse_unit(leaf.unit).measure.dimensions
    }
    assert (words | list_axes() | {one for one in kinds if not one.startswith("money ")}) - set(list_chinese()) == set()


def test_chinese_sentences_have_full_width_punctuation() -> None:
    for text in list_chinese().values():
        bare = re.sub(r"\{[^}]*\}", "", text)
        assert not re.search(r"[\u4e00-\u9fff][,;:?!()]|[,;?!()][\u4e00-\u9fff]", bare), text


def test_every_command_option_and_refusal_of_its_use_has_its_chinese() -> None:
    assert texts_of_commands() - set(list_chinese()) == set()
    assert texts_of_click() - set(list_chinese()) == set()


def test_every_text_of_a_page_has_its_chinese() -> None:
    assert len(texts_of_pages()) > 80
    assert texts_of_pages() - set(list_chinese()) == set()


def test_english_sentences_are_noticed() -> None:
    assert left_in_english("A 1.xlsx!统计局!E7  the figure stands in the merged cells")
    assert not left_in_english("面积（area）为 1,200 t DM，见 gep query regions，单位 km^2")


@pytest.mark.parametrize("name", sorted(path.name for path in WRONG.iterdir() if path.is_dir()))
def test_wrong_input_is_answered_in_chinese(name: str) -> None:
    with pytest.raises(Problems) as caught:
        run_account([WRONG / name / "inputs.csv"])
    text = caught.value.text("zh")
    assert left_in_english(text) == []
    assert all(HAN.search(say_in(one.found, "zh")) for one in caught.value.problems)


def test_the_numbers_and_names_of_a_sentence_are_those_found() -> None:
    text = say("{variable} is {amount}", variable=name_id("gdp", VARIABLES), amount="-5 CNY/yr")
    assert text == "gdp is -5 CNY/yr"
    assert text.zh == "地区生产总值（gdp）为 -5 CNY/yr"
    with pytest.raises(UnitError) as caught:
        find_factor("km2", "mm/yr")
    assert say_in(caught.value.args[0], "zh") == "“km2”计量的是长度²，mm/yr 计量的是长度·时间⁻¹"


def test_a_text_survives_copies_and_other_processes() -> None:
    text = say("{variable} is {amount}", variable=name_id("gdp", VARIABLES), amount="5")
    for other in (pickle.loads(pickle.dumps(text)), copy.deepcopy(text)):
        assert (other, other.zh) == (text, text.zh)
    several = join_list([say("the year is empty"), "b"])
    assert pickle.loads(pickle.dumps(several)).zh == "年份未填、b"


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_MESSAGES": "zh_CN", "LANG": "en_US"}, "zh"),
        ({"LC_ALL": "C", "LANG": "zh_CN"}, "en"),
        ({"GEP_LANG": "zh", "LC_ALL": "C"}, "zh"),
        ({"GEP_LANG": "en", "LANG": "zh_CN"}, "en"),
        ({"LC_ALL": "", "LANG": "zh"}, "zh"),
    ],
)
def test_the_environment_says_the_language(environment: dict[str, str], expected: str) -> None:
    assert read_terminal_language(environment) == expected


def test_a_refusal_is_in_the_language_of_the_terminal_or_of_the_option(gep: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = ("tests/wrong/negative_area/inputs.csv", "--store", gep.store)
    assert "area is -5 km²" in gep("run", *wrong, code=2).stderr
    assert (
        "生态系统面积（area）为 -5 km²\n  应为  不小于 0 km²\n共 1 个问题，未入库"
        in gep("run", *wrong, "--lang", "zh", code=2).stderr
    )
    monkeypatch.setenv("GEP_LANG", "zh")
    assert "nothing was stored" in gep("run", *wrong, "--lang", "en", code=2).stderr
    found = json.loads(gep("check", *wrong, "--format", "json", code=2).stdout)["findings"][0]
    assert (found["found"], found["found_zh"]) == ("area is -5 km²", "生态系统面积（area）为 -5 km²")
    assert "没有数据库" in gep("approve", "崇义县", "2023", "--by", "张三", "--note", "x", "--store", gep.store, code=2).stderr


def test_the_store_keeps_findings_in_both_languages_for_the_reviewer(gep: Program, tmp_path: Path) -> None:
    rows = ["precipitation,,1000,mm", "evapotranspiration,,1600,mm", "area,forest,100,km2"]
    text = "county,year,variable,ecosystem,value,unit,source\n" + "".join(
        f"360725,2023,{','.join(row.split(',')[:2])},{','.join(row.split(',')[2:])},s\n" for row in rows
    )
    (tmp_path / "x.csv").write_text(text, "utf-8")
    gep("run", str(tmp_path / "x.csv"), "--store", gep.store, "--lang", "zh")
    joined = gep("review", "崇义县", "2023", "--store", gep.store, "--lang", "zh").stdout.replace("\n    ", "")
    assert "蒸散发量（evapotranspiration）1,600 mm 大于降水量" in joined
    assert "is above" not in joined
    assert "is above precipitation" in gep("review", "崇义县", "2023", "--store", gep.store, "--lang", "en").stdout.replace(
        "\n    ", " "
    )
    refused = gep("submit", "崇义县", "2023", "--by", "张三", "--lang", "zh", "--store", gep.store, code=2).stderr
    assert "balance：蒸散发量（evapotranspiration）1,600 mm 大于降水量" in refused
    assert "应为  书面说明（B 级）" in refused
