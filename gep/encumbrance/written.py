"""What people write about an encumbrance, read exactly: parcels, projects, tonnes, quantities."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from gep.encumbrance.entries import CARBON, DIGITS, PARCEL, PLEDGED, Subject
from gep.messages.problems import Problem, Problems, refuse
from gep.reference.regions import find, nearest
from gep.units.registry import UnitError, basis_text, factor

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

DECIMALS = 9
"""Decimals of a stored quantity."""
EXACT_FACTOR = 12
"""A factor between units with more digits than this is no decimal number but a rounded one."""
OPTIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "parcel": (("county",), ()),
    "project": (("vintage", "tonnes"), ("issued",)),
    "service": (("county", "year", "quantity", "unit"), ("member", "standard")),
}
"""What an entry is of → the options it needs, and those it may have."""


def identity(text: str) -> str:
    """Return the number of a parcel or the name of a project so that one written differently is still the same one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text)).strip().upper()


def the_county(text: str) -> str:
    """Return the code of a county.

    Raises
    ------
    Problems : unknown, or several of that name
    """
    meant = find(text)
    if len(meant) == 1:
        return meant[0].code
    if meant:
        raise wrong("--county", f"{text} is several places: {', '.join(one.code for one in meant)}", "the code of one of them")
    near = nearest(text)
    raise wrong("--county", f"there is no county {text!r}", "a code or a name", f"near it: {', '.join(near)}" if near else "")


def tonnes(text: str) -> tuple[int, int]:
    """Return the serial numbers that `1-740` names, or `740` alone."""
    found = re.fullmatch(r"(\d{1,15})(?:-(\d{1,15}))?", unicodedata.normalize("NFKC", text).replace(" ", ""))
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        raise wrong("--tonnes", f"tonnes are {text!r}", "serial numbers such as 1-740, whole tonnes from 1 on")
    return first, last


def amount(text: str, unit: str, wanted: str) -> Decimal:
    """Return a quantity in the account's unit, exactly.

    Raises
    ------
    Problems : no positive decimal, a unit of something else, or a conversion that is not exact
    """
    problems = []
    number = Decimal(text) if re.fullmatch(r"\d+(\.\d+)?", text.strip()) else Decimal(0)
    if number <= 0:
        problems.append(Problem("--quantity", 0, f"quantity is {text!r}", "a decimal above zero, without thousands marks"))
    try:
        by = _factor(unit, wanted)
    except UnitError as error:
        raise Problems([*problems, Problem("--unit", 0, f"unit is {unit!r}: {error}", f"a unit of {wanted}")]) from None
    ratio = Decimal(repr(by)).normalize()
    with localcontext() as context:
        context.prec = 2 * DIGITS
        found = number * ratio
        fits = found == round(found, DECIMALS) and found < Decimal(10) ** (DIGITS - DECIMALS)
    if len(ratio.as_tuple().digits) > EXACT_FACTOR:
        problems.append(Problem("--unit", 0, f"{unit} cannot be converted to {wanted} exactly", f"the quantity in {wanted}"))
    elif not fits:
        problems.append(Problem("--quantity", 0, f"quantity is {text} {unit}", f"at most {DECIMALS} decimals in {wanted}"))
    if problems:
        raise Problems(problems)
    return found


def _factor(unit: str, wanted: str) -> float:
    """Return the factor between units; a yearly quantity may be written without the year, which the entry names."""
    basis = basis_text(unit)
    try:
        return factor(basis, wanted)
    except UnitError:
        if not unit or not wanted.endswith("/yr"):
            raise
    try:
        return factor(f"{basis}/yr", wanted)
    except UnitError:
        return factor(basis, wanted)


def wrong(where: str, found: str, expected: str = "", hint: str = "") -> Problems:
    """Return one problem, to be raised."""
    return Problems([Problem(where, 0, found, expected, hint)])


def check_words(party: str, document: str) -> None:
    """Refuse an entry without a party or a document.

    Raises
    ------
    Problems : one of them is empty
    """
    refuse(_words(party, document))


def check_entry(
    kind: str, named: Mapping[str, Any], starts: date, ends: date | None, party: str, document: str
) -> Subject | None:
    """Return the parcel or tonnes that an entry is of, or None where it is of a service, whose account is in the store.

    Parameters
    ----------
    named : the options as written: county, parcel; project, vintage, tonnes, issued; service, member, year, standard, quantity, unit

    Raises
    ------
    Problems : everything that is wrong with what was written
    """
    problems = _words(party, document)
    chosen = [name for name in OPTIONS if named[name]]
    if len(chosen) != 1:
        found = " and ".join(f"--{name}" for name in chosen) if chosen else "nothing that is encumbered"
        problems.append(Problem("encumbrance", 0, f"the entry has {found}", "one of --parcel, --project and --service"))
        raise Problems(problems)
    needed, allowed = OPTIONS[chosen[0]]
    problems += [
        Problem(f"--{name}", 0, f"--{chosen[0]} stands without --{name}", f"--{name}") for name in needed if not named[name]
    ]
    problems += [
        Problem(f"--{name}", 0, f"--{name} stands with --{chosen[0]}", f"no --{name}")
        for name, value in named.items()
        if value and name not in {chosen[0], *needed, *allowed}
    ]
    if ends is not None and ends < starts:
        problems.append(Problem("--to", 0, f"the period ends {ends}, before it begins {starts}", f"a day from {starts} on"))
    if ends is not None and chosen[0] != "parcel" and kind != PLEDGED:
        problems.append(
            Problem(
                "--to",
                0,
                f"what is {kind} has an end",
                "no --to; a tonne or a quantity is used up",
                "gep encumber release ends what was annulled",
            )
        )
    refuse(problems)
    if chosen[0] == "service":
        return None
    if chosen[0] == "parcel":
        return Subject(PARCEL, county=the_county(named["county"]), parcel=identity(named["parcel"]))
    first, last = tonnes(named["tonnes"])
    return Subject(
        CARBON,
        project=identity(named["project"]),
        vintage=named["vintage"],
        first_tonne=first,
        last_tonne=last,
        issued_tonnes=named["issued"],
    )


def _words(party: str, document: str) -> list[Problem]:
    named = {"party": (party, "buyer, lender or who compensates"), "document": (document, "contract, certificate or notice")}
    return [
        Problem(f"--{name}", 0, f"the {name} is empty", expected) for name, (text, expected) in named.items() if not text.strip()
    ]
