"""Reads a scheme: the document, the trees of its formulas, and everything that is not valid in it, with lines."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from gep.compensation.check import check
from gep.compensation.checked import CheckedScheme
from gep.compensation.formulas import list_value_units, list_written_formulas, read_formulas
from gep.compensation.pinned_sets import pin_sets
from gep.compensation.scheme import IN_WORDS, Scheme
from gep.compensation.tables import fill_in_tables
from gep.files.yaml_lines import Document, describe_expectation, name_key, read_document
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.paths import COEFFICIENTS, print_path

if TYPE_CHECKING:
    from collections.abc import Iterable

SCHEMES = COEFFICIENTS / "schemes"


def read_scheme(path: Path) -> CheckedScheme:
    """Return the scheme in a file, with what it extends.

    Raises
    ------
    Problems : everything in the file that is not valid
    """
    return check_document(read_document(path))


def check_document(document: Document) -> CheckedScheme:
    """Return a document as a scheme that can be computed.

    Raises
    ------
    Problems : everything in it that is not valid, with lines
    """
    document = pin_sets(fill_in_tables(_extended(document, ())))
    content = document.content
    try:
        scheme = Scheme.model_validate(content)
    except ValidationError as error:
        raise Problems(_invalid(error, document)) from None
    problems: list[Problem] = []

    def tell(path: tuple[str, ...], found: str, expected: str = "", hint: str = "", near: Any = None) -> None:
        if near:
            hint = suggest_nearest(*near) or hint
        problems.append(Problem(document.file, document.line(path), found, expected, hint))

    trees = read_formulas(scheme, tell)
    order, meanings = check(scheme, trees, tell, whole=not problems)
    refuse(problems)
    old = any(not isinstance(written, str) for _, written in list_written_formulas(scheme))
    units = list_value_units(trees, order, meanings)
    return CheckedScheme(scheme, document, trees, order, _sha256(document.text), meanings, units, old)


def _with_notes(document: Document) -> Document:
    """Return a document with its key `told`, as it was before 2.0, under the name `notes`."""
    if "told" not in document.content or "notes" in document.content:
        return document
    content = {"notes" if key == "told" else key: part for key, part in document.content.items()}
    lines = {("notes", *path[1:]) if path[:1] == ("told",) else path: line for path, line in document.lines.items()}
    return replace(document, content=content, lines=lines)


def _extended(document: Document, above: tuple[str, ...]) -> Document:
    """Return a document put over the one it extends, and that over the one it extends; days in force and each value are replaced whole."""
    document = _with_notes(document)
    content = document.content
    if not content.get("extends"):
        return document
    if document.text in above:
        refuse_one(
            document.file,
            "the schemes extend each other in a circle",
            "a scheme that extends none at the end",
            line=document.line(("extends",)),
        )
    base = _extended(find_document(str(content["extends"]), document), (*above, document.text))
    merged = {**_merged(base.content, content), "effective": content.get("effective", base.content.get("effective"))}
    stated, over = base.content.get("values"), content.get("values")
    if isinstance(stated, dict) and isinstance(over, dict):
        merged["values"] = {**stated, **over}
    return Document(document.file, f"{base.text}\n---\n{document.text}", merged, document.lines)


def list_scheme_files() -> list[Path]:
    """Return the files of the schemes that come with the program."""
    return sorted(SCHEMES.glob("*.yaml"))


def find_document(identity: str, asking: Document | None = None) -> Document:
    """Return the newest shipped document of an id, or a file beside the one that asks, by its id or its name.

    Raises
    ------
    Problems : there is none
    """
    if asking is not None and Path(identity).name == identity and identity.lower().endswith((".yaml", ".yml")):
        path = Path(asking.file).parent / identity
        if path.is_file():
            return read_document(path)
    beside = sorted(Path(asking.file).parent.glob("*.yaml")) if asking else []
    wanted, _, version = identity.partition(" ")
    paths = [path for path in dict.fromkeys((*list_scheme_files(), *beside)) if asking is None or print_path(path) != asking.file]
    found = [document for path in paths if (document := _peek(path, wanted, version))]
    if found:
        return max(found, key=lambda document: str(document.content.get("effective", {}).get("from", "")))
    raise describe_unknown_scheme(
        identity, list_scheme_ids(), *((asking.file, asking.line(("extends",))) if asking else ("SCHEME", 0))
    )


def _peek(path: Path, identity: str, version: str) -> Document | None:
    try:
        if identity not in path.read_text("utf-8-sig"):  # most files are of other schemes, and parsing them takes 40 ms each
            return None
        document = read_document(path)
    except (OSError, UnicodeDecodeError, Problems):
        return None
    fits = document.content.get("id") == identity and (not version or document.content.get("version") == version)
    return document if fits else None


def list_scheme_ids() -> list[str]:
    """Return the ids of the shipped schemes."""
    return list(_read_shipped_ids())


@cache
def _read_shipped_ids() -> tuple[str, ...]:
    return tuple(sorted({str(read_document(path).content.get("id")) for path in list_scheme_files()}))


def describe_unknown_scheme(identity: str, known: Iterable[str], file: str = "SCHEME", line: int = 0) -> Problems:
    """Return, to be raised, the problem of an id that no scheme has.

    Parameters
    ----------
    known : ids of the schemes there are
    file, line : where the id was written
    """
    options = list(known)
    own = (
        "a scheme of your own is a file ending in .yaml"
        if file == "SCHEME"
        else "a scheme of your own is a .yaml file beside this one"
    )
    hint = suggest_nearest(identity, options) or own
    return Problems(
        [
            Problem(
                file,
                line,
                say("there is no scheme {name!r}", name=identity),
                say("one of {names}, or a file", names=join_list(options)),
                hint,
            )
        ]
    )


def _merged(base: Any, over: Any) -> Any:
    """Return a map with the keys of another put over it, at every depth; lists and texts are replaced whole."""
    if not isinstance(base, dict) or not isinstance(over, dict):
        return over
    return {
        key: _merged(base[key], over[key]) if key in base and key in over else over.get(key, base.get(key))
        for key in {**base, **over}
    }


def _invalid(error: ValidationError, document: Document) -> list[Problem]:
    problems = []
    places = [found["loc"] for found in error.errors()]
    for found in error.errors():
        path = tuple(str(part) for part in found["loc"] if part not in _TAGS)
        shown = name_key(["from" if part == "from_" else part for part in path], document.content)
        said, hint = say("is {input!r}", input=str(found["input"])[:80]), ""
        expected = describe_expectation(found)
        if found["type"] == "missing":
            said, expected = say("is missing"), "a scheme states it"
        elif found["type"] in {"extra_forbidden", "unexpected_keyword_argument"}:
            said, expected = say("is not known here"), "a key of the schema; gep scheme show prints a whole scheme"
            if set(path[-1]) & set("()[]+*/<>="):
                hint = "a formula with a comma stands in quotes between braces"
        elif found["type"] == "too_short":
            expected = "at least one"
            if any(len(other) > len(found["loc"]) and other[: len(found["loc"])] == found["loc"] for other in places):
                continue
        elif found["type"].startswith("date"):
            expected = "a day of the calendar, as YYYY-MM-DD"
        elif found["type"].startswith("int"):
            expected = "a whole number"
        elif found["type"] == "string_pattern_mismatch":
            expected = IN_WORDS.get(found["ctx"]["pattern"], expected)
        elif found["type"] in {"union_tag_invalid", "union_tag_not_found"}:
            said = (
                say("has the operation {name!r}", name=dict(found["input"]).get("op", ""))
                if isinstance(found["input"], dict)
                else said
            )
            expected = "op: one of allocate, subpools, split, pay, charge, deduct, contract, clear"
        problems.append(
            Problem(document.file, document.line(path), say("{part} {found}", part=shown, found=said), expected, hint)
        )
    return problems


_TAGS = {
    "allocate",
    "subpools",
    "split",
    "pay",
    "charge",
    "deduct",
    "contract",
    "clear",
    "CountiesOf",
    "As",
    "tuple[str, ...]",
    "constrained-str",
}


def _sha256(text: str) -> str:
    import hashlib

    return hashlib.sha256(text.encode()).hexdigest()
