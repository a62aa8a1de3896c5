"""A standard is data: which services count, by which variants, which members, under which clause, and how far that is known."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from pydantic import Field

from gep.files.schema import BilingualTitle, Part
from gep.files.yaml_lines import load, read_typed_document, validate_document
from gep.formula.walk import list_rules_named
from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import join_list, say
from gep.paths import COEFFICIENTS as COEFFICIENTS_FOLDER
from gep.paths import STANDARDS
from gep.reference.marks import MARKS, Mark
from gep.reference.members import read_ecosystems, read_pollutants
from gep.rules.catalogue import COEFFICIENTS, RULES, SERVICES, list_rules
from gep.rules.service import STATED

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from gep.files.yaml_lines import Document

DEFAULT = "ndrc-2022"
OWN, KEY_DIGITS = "+", 12
"""Between the id of a standard of the user's own and the beginning of its hash, in the key of its accounts."""
OWN_MARK = "(自定 own)"
"""Beside a mark that the user gave."""


class Choice(Part):
    """What a standard says of one service."""

    mark: Mark
    """How far it is known that the standard counts the service."""
    clause: str = ""
    value: Literal["lines", "stated"] = "lines"
    lines: tuple[str, ...] = ()
    """Lines of the service that count; empty: all."""
    variants: dict[str, str] = Field(default_factory=dict)
    """Rule → variant, for every rule with more than one."""
    variant_marks: dict[str, Mark] = Field(default_factory=dict)
    """Rule → how far it is known that the standard means this variant; else the service's mark."""
    ecosystems: tuple[str, ...] = ()
    """Ecosystem types that count; a type stands for those below it; empty: all."""
    pollutants: tuple[str, ...] = ()
    note: str = ""


class OwnSource(Part):
    """A source that a standard of the user's own names: what it is, so that a reader finds it."""

    title: str = Field(min_length=2)
    number: str = ""
    issued_by: str = ""
    date: str = ""
    url: str = ""


class RollUp(Part):
    """Services that a standard reports as one indicator."""

    title: BilingualTitle
    services: tuple[str, ...]
    mark: Mark
    clause: str = ""


class Standard(Part):
    """A method profile: which services count, how they are computed, and how far that is known; read from YAML."""

    id: str
    title: BilingualTitle
    number: str = ""
    source: str
    mark: Mark
    """How far the text of the standard is known."""
    extends: str = ""
    price_index: str = "cpi"
    services: dict[str, Choice | None]
    """Service → what is said of it; in a standard that extends another, null takes a service out."""
    excluded: dict[str, str] = Field(default_factory=dict)
    """Service → why the standard leaves it out."""
    roll_up: dict[str, RollUp] = Field(default_factory=dict)
    sets: dict[str, str] = Field(default_factory=dict)
    """Coefficient → the parameter set chosen for it; else `reference`."""
    notes: tuple[str, ...] = ()
    """Statements about the standard as a whole that a reader of the report must know."""
    sources: dict[str, OwnSource] = Field(default_factory=dict)
    """Sources of a standard of the user's own that `coefficients/sources.yaml` does not have."""
    own_sha256: str = ""
    """Of a standard that does not come with the program: the hash of its text and of the texts it extends; never read from it."""

    @property
    def key(self) -> str:
        """Return what accounts under the standard are kept by."""
        return f"{self.id}{OWN}{self.own_sha256[:KEY_DIGITS]}" if self.own_sha256 else self.id

    @property
    def shown_mark(self) -> str:
        """Return the mark as it is printed; of a standard of the user's own it is the user's statement, and says so."""
        return f"{self.mark} {OWN_MARK}" if self.own_sha256 else self.mark

    @property
    def choices(self) -> dict[str, Choice]:
        """Return the services that count, in the order of the report, each with what is said of it."""
        return {name: choice for name in SERVICES if (choice := self.services.get(name)) is not None}

    def lines_of(self, service: str) -> list[str]:
        """Return the ids of the lines of a service of the standard that count, in their order."""
        choice = self.choices[service]
        return [line.id for line in SERVICES[service].lines if not choice.lines or line.id in choice.lines]

    @cached_property
    def variants(self) -> dict[str, tuple[str, Mark]]:
        """Return the chosen variants: rule → variant and its mark; what is stated at any service holds for all."""
        found: dict[str, tuple[str, Mark]] = {}
        for choice in self.choices.values():
            for rule, variant in choice.variants.items():
                found.setdefault(rule, (variant, choice.variant_marks.get(rule, choice.mark)))
        return found

    def variant_of(self, rule: str) -> str:
        """Return the variant by which a rule is computed: the one that was chosen, or the only one there is."""
        return self.variants[rule][0] if rule in self.variants else next(iter(RULES[rule].variants))


def list_shipped_standards() -> list[str]:
    """Return the ids of the standards that come with the program, the default first."""
    found = sorted(path.stem for path in STANDARDS.glob("*.yaml"))
    return sorted(found, key=lambda name: name != DEFAULT)


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
        return read_standard(STANDARDS / f"{name}.yaml")
    path = Path(name)
    if path.suffix.lower() in {".yaml", ".yml"}:
        return read_standard(asking[-1].parent / path if asking else path, asking)
    refuse_one(
        "--standard",
        say("there is no standard {name!r}", name=name),
        say("one of {names}, or a file", names=join_list(list_shipped_standards())),
        suggest_nearest(name, list_shipped_standards()) or "a standard of your own is a file ending in .yaml",
    )


def read_standard(path: Path, asking: tuple[Path, ...] = ()) -> Standard:
    """Return the standard in a YAML file, with everything that it takes from the standard it extends.

    Parameters
    ----------
    asking : the files that extend it, the nearest last

    Raises
    ------
    Problems : the standards extend each other in a circle, the file is not shipped and takes the id or number of a standard that
               is, or names a source that is nowhere; the file cannot be read, has keys that are missing or unknown, names a service, line, rule, variant, coefficient,
               type or pollutant that does not exist, does not say how a rule is computed, or states what cannot both hold
    """
    document = read_typed_document(path, "the file holds no standard", "id, title, source, mark and services")
    standard = validate_document(Standard, document)
    if path.resolve() in {one.resolve() for one in asking}:
        found, expected = "the standards extend each other in a circle", "a standard that extends none at the end"
        refuse_one(document.file, found, expected, line=document.line(("extends",)))
    own = path.resolve().parent != STANDARDS.resolve()
    problems = _check_own(standard, document) if own else []
    texts = [document.text] if own else []
    if standard.extends:
        base = load_standard(standard.extends, (*asking, path))
        texts += [base.own_sha256] if base.own_sha256 else []
        standard = _extended(standard, base, document.content)
    standard = standard.model_copy(update={"own_sha256": _hash(texts)})
    refuse([*problems, *_check(standard, document)])
    return standard


def _hash(texts: list[str]) -> str:
    return hashlib.sha256("\n---\n".join(texts).encode()).hexdigest() if texts else ""


def _check_own(standard: Standard, document: Document) -> list[Problem]:
    """Refuse a standard of the user's own that passes for a shipped one, or names a source that is nowhere."""
    problems = []
    hint = "give the standard a name of its own; extends: takes everything from the shipped one"
    for shipped in list_shipped_standards():
        written = read_typed_document(STANDARDS / f"{shipped}.yaml", "", "").content
        for name, ours in (("id", shipped), ("number", str(written.get("number") or ""))):
            if ours and _plain(getattr(standard, name)) == _plain(ours):
                found = say("{name} is {text}, which is kept for the standard that comes with the program", name=name, text=ours)
                problems.append(Problem(document.file, document.line((name,)), found, "another one", hint))
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
    return problems


def _plain(text: str) -> str:
    """Return a name without case, width, spaces and signs, so that what looks the same is the same."""
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


@cache
def read_source_keys() -> tuple[str, ...]:
    """Return the keys of the shipped sources."""
    return tuple(load((COEFFICIENTS_FOLDER / "sources.yaml").read_text("utf-8")))


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
    }
    if "price_index" not in written:
        merged["price_index"] = base.price_index
    return standard.model_copy(update=merged)


def _taken(choice: Choice, mark: Mark) -> Choice:
    marks = {rule: _worse(one, mark) for rule, one in choice.variant_marks.items()}
    return choice.model_copy(update={"mark": _worse(choice.mark, mark), "variant_marks": marks})


def _worse(one: Mark, other: Mark) -> Mark:
    return max(one, other, key=MARKS.index)


def _check(standard: Standard, document: Document) -> list[Problem]:
    problems: list[Problem] = []

    def unknown(what: str, name: str, known: Iterable[str], *path: str) -> None:
        options = list(known)
        problems.append(
            Problem(
                document.file,
                document.line(path),
                say("{what} is {name!r}", what=what, name=name),
                say("one of {names}", names=join_list(options)),
                suggest_nearest(name, options),
            )
        )

    for service, choice in standard.services.items():
        if service not in SERVICES:
            unknown("a service", service, SERVICES, "services", service)
        elif choice is not None:
            problems += _check_choice(standard, service, choice, document, unknown)
    for name in standard.sets:
        if name not in COEFFICIENTS:
            unknown("a coefficient", name, COEFFICIENTS, "sets", name)
    for name in standard.excluded:
        if name not in SERVICES:
            unknown("a service", name, SERVICES, "excluded", name)
    problems += _conflicts(standard, document)
    return problems


def _check_choice(standard: Standard, service: str, choice: Choice, document: Document, unknown: Any) -> list[Problem]:
    problems: list[Problem] = []
    of_service = {rule.id: rule for rule in list_rules(SERVICES[service])}
    for rule, variant in choice.variants.items():
        if rule not in of_service:
            unknown(say("a rule of {service}", service=service), rule, of_service, "services", service, "variants", rule)
        elif variant not in of_service[rule].variants:
            unknown(
                say("the variant of {rule}", rule=rule), variant, of_service[rule].variants, "services", service, "variants", rule
            )
    known_lines = [line.id for line in SERVICES[service].lines]
    for line in choice.lines:
        if line not in known_lines:
            unknown(say("a line of {service}", service=service), line, known_lines, "services", service, "lines")
    for name in choice.ecosystems:
        if name not in read_ecosystems():
            unknown("an ecosystem", name, read_ecosystems(), "services", service, "ecosystems")
    for name in choice.pollutants:
        if name not in read_pollutants():
            unknown("a pollutant", name, read_pollutants(), "services", service, "pollutants")
    if choice.value == STATED:
        return problems
    for rule in _rules_used(standard, service):
        options = RULES[rule].variants
        if len(options) > 1 and rule not in standard.variants:
            problems.append(
                Problem(
                    document.file,
                    document.line(("services", service)),
                    say("{service} does not say how {rule} is computed", service=service, rule=rule),
                    say("variants: {{{rule}: one of {options}}}", rule=rule, options=join_list(options)),
                )
            )
        if "pollutant" in RULES[rule].axes and not choice.pollutants:
            problems.append(
                Problem(
                    document.file,
                    document.line(("services", service)),
                    say("{service} does not say which pollutants count", service=service),
                    "pollutants: [...]",
                )
            )
            break
    return problems


def _rules_used(standard: Standard, service: str) -> Iterator[str]:
    """Yield the rules that the counted lines of a service need, given the variants chosen so far."""
    wanted = set(standard.lines_of(service))
    waiting = [line.value.id for line in SERVICES[service].lines if line.id in wanted]
    seen: set[str] = set()
    while waiting:
        rule = waiting.pop()
        if rule in seen:
            continue
        seen.add(rule)
        yield rule
        variant = standard.variant_of(rule)
        if variant in RULES[rule].variants:
            waiting += [named.id for named in list_rules_named(RULES[rule].variants[variant].expression)]


def _conflicts(standard: Standard, document: Document) -> list[Problem]:
    """Refuse statements that cannot both be meant, within a service and between services that share a rule."""
    problems = []
    for service, choice in standard.choices.items():
        if {"NH3N", "TN"} <= set(choice.pollutants):
            problems.append(
                Problem(
                    document.file,
                    document.line(("services", service, "pollutants")),
                    say("{service} counts NH3N and TN", service=service),
                    "one of the two",
                    "P9: ammonia nitrogen is part of total nitrogen",
                )
            )
    chosen: dict[str, tuple[str, str]] = {}
    for service, choice in standard.choices.items():
        for rule, variant in choice.variants.items():
            other, before = chosen.setdefault(rule, (service, variant))
            if before != variant:
                problems.append(
                    Problem(
                        document.file,
                        document.line(("services", service, "variants", rule)),
                        say(
                            "{service} computes {rule} by {variant}, {other} by {before}",
                            service=service,
                            rule=rule,
                            variant=variant,
                            other=other,
                            before=before,
                        ),
                        "one variant of a rule in a standard",
                    )
                )
    return problems
