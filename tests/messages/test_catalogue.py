"""The catalogue is a gettext file: Babel reads it as the program does, finds nothing wrong, and finds each text that the source says."""

from __future__ import annotations

import io
import re
import string

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po
from conftest import ROOT

from gep.messages.catalogue import FILE, CatalogueError, list_chinese, list_keyed, parse_catalogue, read_shipped_entries
from gep.paths import TEMPLATES

KEYWORDS = {"say": None, "say_each": (1,), "say_to_user": None, "refuse_usage": None, "translate": (2,)}
ONE_LANGUAGE_ONLY = {"report.f_map_own": {"own"}, "report.s_new": set(), "report.s_gone": set()}


def catalogue() -> Catalog:
    return read_po(io.BytesIO((TEMPLATES / FILE).read_bytes()), locale="zh", abort_invalid=True)


def slots(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_babel_reads_the_same_and_finds_nothing_wrong() -> None:
    found = {(one.context or "", one.id): one.string for one in catalogue() if one.id}
    assert found == {(one.key, one.en): one.zh for one in read_shipped_entries()}
    assert not any(one.fuzzy for one in catalogue() if one.id)
    assert not catalogue().obsolete


def test_every_entry_stands_once_and_is_translated() -> None:
    assert len(read_shipped_entries()) == len(list_chinese()) + len(list_keyed())
    assert [one.en for one in read_shipped_entries() if not one.zh and one.key != "report.sentence_space"] == []


def test_what_the_source_says_is_in_the_catalogue() -> None:
    said = {
        texts
        for file, _, texts, _, _ in extract_from_dir(
            ROOT / "gep", [("**.py", "python")], keywords={"say": None, "say_each": (1,), "translate": (2,)}
        )
        if isinstance(texts, str) and not file.startswith("reports/")  # words.say asks by keys
    }
    assert len(said) > 250
    assert said - set(list_chinese()) == set()


def test_both_languages_are_filled_in_with_the_same() -> None:
    for one in list_keyed().values():
        assert slots(one.en) == slots(one.zh) or one.key in ONE_LANGUAGE_ONLY, one


def test_chinese_has_full_width_punctuation() -> None:
    for one in read_shipped_entries():
        bare = re.sub(r"\{[^}]*\}", "", one.zh)
        assert not re.search(r"[\u4e00-\u9fff][,;:?!(]|[,;?!)][\u4e00-\u9fff]", bare), one


@pytest.mark.parametrize(("text", "line"), [("zh: 3\n", 1), ('msgid "a"\nmsgstr "b\n', 2), ('msgid "a"\nnix\n', 2)])
def test_what_is_no_catalogue_is_told_with_its_line(text: str, line: int) -> None:
    with pytest.raises(CatalogueError) as told:
        parse_catalogue(text)
    assert told.value.line == line
