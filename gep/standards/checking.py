"""Finds everything that is wrong with a standard, each with its line in the file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gep.formula.walk import list_rules_named
from gep.messages.problems import Problem
from gep.messages.suggest import suggest_nearest
from gep.messages.texts import Text, join_list, mark_word, say
from gep.reference.members import describe_wrong_class, is_ecosystem, read_ecosystems, read_pollutants
from gep.rules.catalogue import COEFFICIENTS, SERVICES, list_rules
from gep.rules.service import SHOWN, STATED
from gep.standards.formulas import OwnFormulas
from gep.standards.model import LEAVES
from gep.standards.shown import make_shown
from gep.standards.twice import list_counted_twice

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from gep.files.yaml_lines import Document
    from gep.standards.model import Choice, Standard


def check_own_parts(standard: Standard, document: Document) -> list[Problem]:
    """Return what is wrong with what a standard declares of its own."""
    problems: list[Problem] = []

    def tell(path: tuple[str, ...], found: str, expected: str, hint: str) -> None:
        problems.append(Problem(document.file, document.line(path), found, expected, hint))

    standard.__dict__["own"] = OwnFormulas(standard, LEAVES, tell)  # what is right in it is what the other checks go by
    for name in standard.classes:
        said = describe_wrong_class(name)
        if said:
            tell(("classes",), *said)
    for name in standard.values:
        if name not in COEFFICIENTS:
            near = suggest_nearest(name, COEFFICIENTS) or say("gep {command}s lists them", command="coefficient")
            tell(
                ("values", name),
                say("{what} is {name!r}", what=mark_word("a coefficient"), name=name),
                say("a coefficient of the program"),
                near,
            )
    for service, choice in standard.services.items():
        twice = sorted({line for line in choice.lines if choice.lines.count(line) > 1}) if choice else []
        for line in twice:
            tell(
                ("services", service, "lines"),
                say("{service} counts {line} twice", service=service, line=line),
                say("each line once"),
                "",
            )
    standard.__dict__["shown_rules"] = make_shown(standard, tell)
    of = {name.partition(".")[0] for name in standard.lines}
    for service in sorted(of & set(SERVICES)):
        if standard.services.get(service) is None:
            line = next(name for name in standard.lines if name.startswith(f"{service}."))
            tell(
                ("lines", line),
                say("{line} belongs to a service that the standard does not count", line=line),
                f"services: {{{service}: {{mark: V}}}}",
                "",
            )
    for line in document.content.get("lines") or {}:
        choice = standard.services.get(line.partition(".")[0])
        if choice and choice.lines and line in standard.lines and line not in choice.lines:
            tell(
                ("lines", line),
                say("{line} is declared and not among the lines that its service counts", line=line),
                f"services: {{{line.partition('.')[0]}: {{lines: [{', '.join([*choice.lines, line])}]}}}}",
                say("or take it out"),
            )
    return problems


def check_choices(standard: Standard, document: Document) -> list[Problem]:
    """Return what is wrong with the choices of a standard: names that do not exist, and statements that cannot both hold."""
    problems: list[Problem] = []

    def unknown(what: str, name: str, known: Iterable[str], *path: str) -> None:
        options = list(known)
        problems.append(
            Problem(
                document.file,
                document.line(path),
                say("{what} is {name!r}", what=what if isinstance(what, Text) else mark_word(what), name=name),
                say("one of {names}", names=join_list(options)),
                suggest_nearest(name, options),
            )
        )

    for service, choice in standard.services.items():
        if service not in SERVICES:
            unknown("a service", service, SERVICES, "services", service)
        elif choice is not None:
            problems += _check_choice(standard, service, choice, document, unknown)
    problems += _check_ways_of_shown(standard, document)
    problems += list_counted_twice(standard, document)
    for name in standard.sets:
        if name not in COEFFICIENTS:
            unknown("a coefficient", name, COEFFICIENTS, "sets", name)
    for name in standard.excluded:
        if name not in SERVICES:
            unknown("a service", name, SERVICES, "excluded", name)
    for key, part in standard.roll_up.items():
        for name in part.services:
            if name not in SERVICES:
                unknown("a service", name, SERVICES, "roll_up", key, "services")
    problems += _list_rolled_twice(standard, document)
    problems += _conflicts(standard, document)
    return problems


def _list_rolled_twice(standard: Standard, document: Document) -> list[Problem]:
    """Return services that stand in several indicators, or twice in one, which would show their value twice."""
    found: list[Problem] = []
    homes: dict[str, str] = {}
    for key, part in standard.roll_up.items():
        for name in part.services:
            if name in homes:
                text = say("{service} stands in the indicators {one} and {other}", service=name, one=homes[name], other=key)
                found.append(Problem(document.file, document.line(("roll_up", key)), text, say("each service in one indicator")))
            homes[name] = key
    return found


def _check_choice(standard: Standard, service: str, choice: Choice, document: Document, unknown: Any) -> list[Problem]:
    problems: list[Problem] = []
    of_service = {rule.id: rule for rule in list_rules(standard.known_services[service])}
    for rule, variant in choice.variants.items():
        if rule not in of_service:
            unknown(say("a rule of {service}", service=service), rule, of_service, "services", service, "variants", rule)
        elif variant not in of_service[rule].variants:
            unknown(
                say("the variant of {rule}", rule=rule), variant, of_service[rule].variants, "services", service, "variants", rule
            )
    known_lines = [line.id for line in standard.known_services[service].lines]
    known_lines += [name for name in standard.lines if name.partition(".")[0] == service and name not in known_lines]
    for line in choice.lines:
        if line not in known_lines:
            unknown(say("a line of {service}", service=service), line, known_lines, "services", service, "lines")
    for name in choice.ecosystems:
        if not is_ecosystem(name):
            unknown("an ecosystem", name, read_ecosystems(), "services", service, "ecosystems")
    for name in choice.pollutants:
        if name not in read_pollutants():
            unknown("a pollutant", name, read_pollutants(), "services", service, "pollutants")
    if choice.value == STATED:
        return problems
    declared = any(name.partition(".")[0] == service for name in standard.lines)
    if not choice.lines and not declared and not standard.lines_of(service):
        expected = say("a line {service}.… under lines", service=service)
        found = say("{service} has no line of its own to count", service=service)
        problems.append(Problem(document.file, document.line(("services", service)), found, expected, say("or value: stated")))
    for rule in _rules_used(standard, service):
        if _is_open(standard, rule):
            problems.append(_describe_open(standard, service, rule, document.file, document.line(("services", service))))
        if "pollutant" in standard.known_rules[rule].axes and not choice.pollutants:
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
    lines = [line for line in standard.known_services[service].lines if line.id in wanted]
    yield from _rules_below(
        standard, [rule.id for line in lines for rule in (line.quantities if standard.physical else (line.value,))]
    )


def _is_open(standard: Standard, rule: str) -> bool:
    """Return whether a rule has several variants, and nothing says which."""
    return len(standard.known_rules[rule].variants) > 1 and rule not in standard.variants and not standard.known_rules[rule].usual


def _describe_open(standard: Standard, service: str, rule: str, file: str, line: int) -> Problem:
    return Problem(
        file,
        line,
        say("{service} does not say how {rule} is computed", service=service, rule=rule),
        say("variants: {{{rule}: one of {options}}}", rule=rule, options=join_list(standard.known_rules[rule].variants)),
    )


def _check_ways_of_shown(standard: Standard, document: Document) -> Iterator[Problem]:
    """Yield the rules below figures that are only shown of which nothing says how they are computed, and no service that counts asks."""
    asked = {
        rule for service, choice in standard.choices.items() if choice.value != STATED for rule in _rules_used(standard, service)
    }
    for identity, shown in standard.shown_rules.items():
        named = [one.id for one in list_rules_named(shown.variants[SHOWN].expression) if one.id in standard.known_rules]
        for rule in _rules_below(standard, named):
            if rule not in asked and _is_open(standard, rule):
                yield _describe_open(standard, identity, rule, document.file, document.line(("shown", identity, "formula")))


def _rules_below(standard: Standard, waiting: list[str]) -> Iterator[str]:
    """Yield rules and those below them, each once, given the variants chosen so far."""
    seen: set[str] = set()
    while waiting:
        rule = waiting.pop()
        if rule in seen:
            continue
        seen.add(rule)
        yield rule
        variant = standard.variant_of(rule)
        if variant in standard.known_rules[rule].variants:
            waiting += [named.id for named in list_rules_named(standard.known_rules[rule].variants[variant].expression)]


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
        problems += _counted_in_two_ways(standard, service, document)
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


def _counted_in_two_ways(standard: Standard, service: str, document: Document) -> Iterator[Problem]:
    """Yield lines of a service that value what another line of it values."""
    counted = standard.lines_of(service)
    for line in standard.known_services[service].lines:
        both = [one for one in line.instead_of if one in counted]
        if line.id in counted and both:
            yield Problem(
                document.file,
                document.line(("services", service, "lines")),
                say("{service} counts one thing twice: {one} and {other}", service=service, one=line.id, other=join_list(both)),
                "one of the two",
                say("{one} is another way to value the same thing", one=line.id),
            )
