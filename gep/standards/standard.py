"""Reads standards: the shipped ones by id, one's own from YAML, with everything they take from those they extend."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gep.files.no_source import names_no_source
from gep.files.written_names import check_name, fold_id
from gep.files.yaml_lines import describe_mistakes, load, read_typed_document
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.paths import COEFFICIENTS as COEFFICIENTS_FOLDER
from gep.paths import STANDARDS
from gep.reference.marks import MARKS, Mark
from gep.standards.checking import check_choices, check_own_parts
from gep.standards.currency import check_base_currency, check_index, take_own_currency
from gep.standards.earlier import check_earlier
from gep.standards.model import Choice, Standard
from gep.standards.own_rows import make_own_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from gep.coefficients.tables import Row
    from gep.files.yaml_lines import Document

DEFAULT = "ndrc-2022"
_PARTS = ("sources", "services", "roll_up", "variables", "coefficients", "values", "rules", "lines", "shown")
"""Keys that hold named parts, of which a wrong one is left out by itself."""
_DECLARED = ("variables", "coefficients", "values", "rules", "lines", "shown")


def list_shipped_standards() -> list[str]:
    """Return the ids of the standards that come with the program, the default first."""
    found = sorted(path.stem for path in STANDARDS.glob("*.yaml"))
    return sorted(found, key=lambda name: name != DEFAULT)


def names_standard(name: str) -> bool:
    """Return whether a name is that of a shipped standard or of a file."""
    return name in list_shipped_standards() or Path(name).suffix.lower() in {".yaml", ".yml"}


def load_standard(name: str, asking: tuple[Path, ...] = ()) -> Standard:
    """Return a standard: a shipped one by its id, or one in a YAML file by its path.

    Parameters
    ----------
    asking : the files that extend it, the nearest last; a path is looked up beside that

    Raises
    ------
    Problems : there is no such standard, or as `read_standard`
    """
    if name in list_shipped_standards():
        return _read_shipped(name)
    path = Path(name)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return read_standard(asking[-1].parent / path if asking else path, asking)
    refuse_one(
        "--standard",
        say("there is no standard {name!r}", name=name),
        say("one of {names}, or a file", names=join_list(list_shipped_standards())),
        suggest_nearest(name, list_shipped_standards()) or "a standard of your own is a file ending in .yaml",
    )


@cache
def _read_shipped(name: str) -> Standard:
    """Return a standard that comes with the program, read once for a process; nobody changes it."""
    return read_standard(STANDARDS / f"{name}.yaml")


def read_standard(path: Path, asking: tuple[Path, ...] = ()) -> Standard:
    """Return the standard in a YAML file, with everything that it takes from the standard it extends.

    Parameters
    ----------
    asking : the files that extend it, the nearest last

    Raises
    ------
    Problems : the standards extend each other in a circle, the file is not shipped and takes the id or number of a standard that
               is, or names a source that is nowhere; the file cannot be read, has keys that are missing or unknown, names a service, line, rule, variant, coefficient,
               type or pollutant that does not exist, does not say how a rule is computed, declares what cannot be, or states what
               cannot both hold
    """
    document = read_typed_document(path, "the file holds no standard", "id, title, source, mark and services")
    document, of_money = take_own_currency(document)
    standard, problems, left_out = _validate(document)
    problems += of_money
    if path.resolve() in {one.resolve() for one in asking}:
        found, expected = "the standards extend each other in a circle", "a standard that extends none at the end"
        refuse_one(document.file, found, expected, line=document.line(("extends",)))
    if not standard.extends and "services" not in document.content:
        refuse([*problems, Problem(document.file, 1, say("{key} is missing", key="services"), say("a value"))])
    of_user = path.resolve().parent != STANDARDS.resolve()
    named = _check_name(standard, document) if of_user else []
    problems += [one for one in named if not any(_names(one, name) for name in left_out)]
    texts = [document.text] if of_user else []
    inherited: tuple[Row, ...] = ()
    if standard.extends:
        try:
            base = load_standard(standard.extends, (*asking, path))
        except Problems as error:
            problems += [*_at_extends(error.problems, standard.extends, document), *_list_own_wrong(standard, document, left_out)]
            raise Problems(sorted(set(problems))) from None
        texts += [base.own_sha256] if base.own_sha256 else []
        inherited = base.own_rows
        problems += check_base_currency(standard, base, document)
        standard = _extended(standard, base, document.content)
    standard = standard.model_copy(update={"own_sha256": _hash(texts)})
    own = check_own_parts(standard, document)
    rows, wrong = make_own_rows(standard, standard.own.leaves, document)
    found_in_parts = [
        *own,
        *wrong,
        *check_choices(standard, document),
        *check_earlier(standard, document),
        *check_index(standard, document),
    ]
    refuse([*problems, *(one for one in found_in_parts if not any(_names(one, name) for name in left_out))])
    given = {one.cell_key for one in rows}
    standard._own_rows = (*(row for row in inherited if row.cell_key not in given), *rows)  # noqa: SLF001 - its own
    return standard


def _list_own_wrong(standard: Standard, document: Document, left_out: Sequence[str]) -> list[Problem]:
    """Return what is wrong with what a standard declares itself, where nobody can say what it extends."""
    found = check_own_parts(standard, document)
    found += make_own_rows(standard, standard.own.leaves, document)[1]
    return [one for one in found if not any(_names(one, name) for name in left_out)]


def _at_extends(problems: Iterable[Problem], name: str, document: Document) -> Iterator[Problem]:
    """Yield what is wrong with an extended standard; that there is none, or that it cannot be read, where it is named."""
    line = document.line(("extends",))
    for one in problems:
        if one.file == "--standard":
            yield replace(one, file=document.file, line=line)
        elif not one.line and one.file != document.file:
            found = say("extends is {name!r}: {found}", name=name, found=one.found)
            yield Problem(document.file, line, found, one.expected, "a path is looked up beside the file that names it")
        else:
            yield one


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\n---\n".join(texts).encode()).hexdigest() if texts else ""


def _check_name(standard: Standard, document: Document) -> list[Problem]:
    """Refuse a standard of the user's own that passes for a shipped one, or names a source that is nowhere."""
    problems = []
    hint = "give the standard a name of its own; extends: takes everything from the shipped one"
    for shipped in list_shipped_standards():
        written = read_typed_document(STANDARDS / f"{shipped}.yaml", "", "").content
        for name, ours in (("id", shipped), ("number", str(written.get("number") or ""))):
            if ours and fold_id(getattr(standard, name)) == fold_id(ours):
                found = say("{name} is {text}, which is kept for the standard that comes with the program", name=name, text=ours)
                problems.append(Problem(document.file, document.line((name,)), found, "another one", hint))
    problems += [
        replace(one, file=document.file, line=document.line(("id",)))
        for one in check_name(document.file, say("the id"), standard.id)
    ]
    if not re.fullmatch(r"[\w.-]{1,60}", standard.id):
        found = say("id is {text!r}", text=standard.id[:80])
        expected = "letters, digits, points, hyphens and underscores, at most 60"
        problems.append(Problem(document.file, document.line(("id",)), found, expected))
    shipped_sources = read_source_keys()
    if standard.source not in {*shipped_sources, *standard.sources}:
        found = say("source is {text!r}, and nothing says what that is", text=standard.source[:80])
        expected = "a key of coefficients/sources.yaml, or of sources: in this file"
        near = (
            suggest_nearest(standard.source, shipped_sources)
            or "sources: {key: {title: ..., number: ..., date: ...}} says what it is"
        )
        problems.append(Problem(document.file, document.line(("source",)), found, expected, near))
    for key, one in standard.sources.items():
        if names_no_source(one.title):
            found = say("the source is {text!r}, which names none", text=one.title)
            line = document.line(("sources", key, "title"))
            problems.append(Problem(document.file, line, found, "the title of the document, so that a reader finds it"))
    problems += _check_values(standard, document)
    if "own_sha256" in document.content:
        found = say("{key} is not known here", key="own_sha256")
        problems.append(Problem(document.file, document.line(("own_sha256",)), found, "no such key"))
    return problems


def _check_values(standard: Standard, document: Document) -> Iterator[Problem]:
    """Yield a problem for each value, rule or line of the file whose source is a text that names none; rules and lines may have none."""
    of_values = [
        ((*place, str(at), "source"), one.source)
        for place, values in (
            *((("values", name), values) for name, values in standard.values.items()),
            *((("coefficients", name, "values"), one.values) for name, one in standard.coefficients.items()),
        )
        for at, one in enumerate(values)
    ]
    of_rules = [
        ((key, name, "source"), one.source)
        for key, parts in (("rules", standard.rules), ("lines", standard.lines), ("shown", standard.shown))
        for name, one in parts.items()
        if one.source
    ]
    for place, source in (*of_values, *of_rules):
        if names_no_source(source):
            found = say("the source is {text!r}, which names none", text=source)
            expected = "a key of sources, or the document that the figure stands in"
            yield Problem(document.file, document.line(place), found, expected)


@cache
def read_source_keys() -> tuple[str, ...]:
    """Return the keys of the shipped sources."""
    return tuple(load((COEFFICIENTS_FOLDER / "sources.yaml").read_text("utf-8")))


def _validate(document: Document) -> tuple[Standard, list[Problem], list[str]]:
    """Return what can be read of a document as a standard, what is wrong with the rest, and the names that stood there.

    Raises
    ------
    Problems : so much is missing or wrong that nothing more can be said
    """
    from pydantic import ValidationError

    content, problems, left_out = document.content, [], []
    try:
        return Standard.model_validate(content), [], []
    except ValidationError as error:
        problems = describe_mistakes(error, Standard, document)
        for one in error.errors():
            path = [str(part) for part in one["loc"]]
            if path[0] in _STANDING:
                content = {**content, path[0]: _STANDING[path[0]]}
                continue
            if one["type"] == "extra_forbidden" and (rest := _without_key(content, path)) is not None:
                content = rest
                continue
            content, name = _without(content, path[: 2 if path[0] in _PARTS else 1])
            left_out.append(name)
    try:
        return Standard.model_validate(content), problems, left_out
    except ValidationError:
        raise Problems(problems) from None


_STANDING: dict[str, Any] = {"id": "standing-in", "title": {"zh": "暂", "en": "standing in"}, "source": DEFAULT, "mark": "K"}
"""What stands for a key that every standard needs and that is wrong, while the rest of the file is read."""


def _without_key(content: dict[str, Any], path: list[str]) -> dict[str, Any] | None:
    """Return a document without a key that is not known, and all else that stands beside it; None where it is not found."""
    key = next((one for one in content if str(one) == path[0]), None)
    if key is None:
        return None
    if len(path) == 1:
        return {name: value for name, value in content.items() if name != key}
    inside = _without_key(content[key], path[1:]) if isinstance(content[key], dict) else None
    return None if inside is None else {**content, key: inside}


def _without(content: dict[str, Any], path: list[str]) -> tuple[dict[str, Any], str]:
    """Return a document without one of its parts, and the name of that part."""
    key = next((one for one in content if str(one) == path[0]), path[0])
    if len(path) == 1 or not isinstance(content.get(key), dict):
        return {name: value for name, value in content.items() if name != key}, path[0]
    inside, name = _without(content[key], path[1:])
    return {**content, key: inside}, name


def _names(problem: Problem, name: str) -> bool:
    """Return whether a problem is about a name."""
    return re.search(rf"(?<![\w.]){re.escape(name)}(?![\w.])", str(problem.found)) is not None


def _extended(standard: Standard, base: Standard, written: Mapping[str, Any]) -> Standard:
    """Return the base with the statements of the extension put over it, service by service.

    What is taken from the base is known no better than the text of the standard that takes it: its mark is the worse of both.
    """
    services: dict[str, Choice | None] = {
        name: choice and _taken(choice, standard.mark) for name, choice in base.services.items()
    }
    services.update(standard.services)
    taken = {name: part.model_copy(update={"mark": _worse(part.mark, standard.mark)}) for name, part in base.roll_up.items()}
    merged = {
        "services": services,
        "excluded": {**base.excluded, **standard.excluded},
        "roll_up": {**taken, **standard.roll_up},
        "sets": {**base.sets, **standard.sets},
        "notes": (*base.notes, *standard.notes),
        "sources": {**base.sources, **standard.sources},
        "earlier": {**base.earlier, **standard.earlier},
        "classes": tuple(dict.fromkeys((*base.classes, *standard.classes))),
        **{name: {**getattr(base, name), **getattr(standard, name)} for name in _DECLARED},
    }
    merged.update({name: getattr(base, name) for name in ("physical", "measures") if name not in written})
    if "price_index" not in written:
        merged["price_index"] = base.price_index if standard.currency == base.currency else standard.price_index
    merged["exchange_rates"] = (*standard.exchange_rates, *base.exchange_rates)
    return standard.model_copy(update=merged)


def _taken(choice: Choice, mark: Mark) -> Choice:
    marks = {rule: _worse(one, mark) for rule, one in choice.variant_marks.items()}
    return choice.model_copy(update={"mark": _worse(choice.mark, mark), "variant_marks": marks})


def _worse(one: Mark, other: Mark) -> Mark:
    return max(one, other, key=MARKS.index)
