"""Reads exactly what people write about an encumbrance: parcels, projects, tonnes, quantities."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal, localcontext
from typing import TYPE_CHECKING, Any

from gep.encumbrance.entries import CARBON, DIGITS, PARCEL, PLEDGED, Subject
from gep.files.no_source import names_no_source
from gep.files.written_names import check_name, clean_text
from gep.files.written_numbers import narrow_digits
from gep.messages.problems import Problem, Problems, refuse, refuse_one
from gep.messages.texts import Joined, mark_word, say
from gep.reference.regions import look_up_division
from gep.units.registry import UnitError, find_yearly_factor, remove_price_year

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


def normalise_identity(text: str) -> str:
    """Return the number of a parcel or the name of a project so that one written differently is still the same one."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", clean_text(text))).strip().upper()


def find_county_code(text: str) -> str:
    """Return the six-digit code of a county.

    Raises
    ------
    Problems : unknown, or several of that name
    """
    return look_up_division(text, "--county").code


def parse_tonnes(text: str) -> tuple[int, int]:
    """Return the first and last serial number that `1-740` names, or `740` alone.

    Raises
    ------
    Problems : the text is not a range of whole tonnes from 1 on
    """
    found = re.fullmatch(r"([0-9]{1,15})(?:-([0-9]{1,15}))?", narrow_digits(text).replace(" ", ""))
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
    if not 1 <= first <= last:
        refuse_one("--tonnes", say("tonnes are {text!r}", text=text), "serial numbers such as 1-740, whole tonnes from 1 on")
    return first, last


def parse_amount(text: str, unit: str, wanted: str, year: int) -> Decimal:
    """Return a quantity in the account's unit, exactly.

    Parameters
    ----------
    text   : a decimal, as written
    unit   : its unit, as written
    wanted : the account's unit
    year   : the account's year, whose days a quantity per day, hour or second is taken over

    Raises
    ------
    Problems : not a positive decimal, a unit of something else, or a conversion that is not exact
    """
    problems = []
    number = Decimal(text) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", text.strip()) else Decimal(0)
    if number <= 0:
        problems.append(
            Problem("--quantity", 0, say("quantity is {text!r}", text=text), "a decimal above zero, without thousands marks")
        )
    try:
        by = _factor(unit, wanted, year)
    except UnitError as error:
        raise Problems(
            [
                *problems,
                Problem(
                    "--unit",
                    0,
                    say("unit is {unit!r}: {error}", unit=unit, error=error.args[0]),
                    say("a unit of {unit}", unit=wanted),
                ),
            ]
        ) from None
    ratio = Decimal(repr(by)).normalize()
    with localcontext() as context:
        context.prec = 2 * DIGITS
        found = number * ratio
        fits = found == round(found, DECIMALS) and found < Decimal(10) ** (DIGITS - DECIMALS)
    if len(ratio.as_tuple().digits) > EXACT_FACTOR:
        problems.append(
            Problem(
                "--unit",
                0,
                say("{unit} cannot be converted to {wanted} exactly", unit=unit, wanted=wanted),
                say("the quantity in {wanted}", wanted=wanted),
            )
        )
    elif not fits:
        problems.append(
            Problem(
                "--quantity",
                0,
                say("quantity is {text} {unit}", text=text, unit=unit),
                say("at most {decimals} decimals in {wanted}", decimals=DECIMALS, wanted=wanted),
            )
        )
    if problems:
        raise Problems(problems)
    return found


def _factor(unit: str, wanted: str, year: int) -> float:
    """Return the factor between units; a yearly quantity may be written without the year, which the entry names."""
    basis = remove_price_year(unit)
    try:
        return find_yearly_factor(basis, wanted, year)
    except UnitError:
        if not unit or not wanted.endswith("/yr"):
            raise
    try:
        return find_yearly_factor(f"{basis}/yr", wanted, year)
    except UnitError:
        return find_yearly_factor(basis, wanted, year)


def check_words(party: str, document: str) -> None:
    """Refuse an entry without a party or a document.

    Parameters
    ----------
    party    : for whom the entry is made
    document : by which it is made, such as a contract with its number

    Raises
    ------
    Problems : one of them is empty
    """
    refuse(_words(party, document))


def check_entry(
    kind: str, named: Mapping[str, Any], starts: date, ends: date | None, party: str, document: str
) -> Subject | None:
    """Return the parcel or tonnes that an entry is of; None where it is of a service, whose account is in the store.

    Parameters
    ----------
    kind  : of entry
    named : the options as written: county, parcel; project, vintage, tonnes, issued; service, member, year, standard,
            quantity, unit
    ends  : last day, included; None: without end

    Raises
    ------
    Problems : everything that is wrong with what was written
    """
    problems = _words(party, document)
    chosen = [name for name in OPTIONS if named[name]]
    if len(chosen) != 1:
        found = Joined((f"--{name}" for name in chosen), " and ", " 和 ") if chosen else mark_word("nothing that is encumbered")
        problems.append(
            Problem(
                mark_word("encumbrance"), 0, say("the entry has {found}", found=found), "one of --parcel, --project and --service"
            )
        )
        raise Problems(problems)
    needed, allowed = OPTIONS[chosen[0]]
    problems += [
        Problem(f"--{name}", 0, say("--{chosen} stands without --{name}", chosen=chosen[0], name=name), f"--{name}")
        for name in needed
        if not named[name]
    ]
    problems += [
        Problem(
            f"--{name}", 0, say("--{name} stands with --{chosen}", name=name, chosen=chosen[0]), say("no --{name}", name=name)
        )
        for name, value in named.items()
        if value and name not in {chosen[0], *needed, *allowed}
    ]
    if ends is not None and ends < starts:
        problems.append(
            Problem(
                "--to",
                0,
                say("the period ends {ends}, before it begins {starts}", ends=ends, starts=starts),
                say("a day from {starts} on", starts=starts),
            )
        )
    if ends is not None and chosen[0] != "parcel" and kind != PLEDGED:
        problems.append(
            Problem(
                "--to",
                0,
                say("what is {kind} has an end", kind=mark_word(kind)),
                "no --to; a tonne or a quantity is used up",
                "gep encumber release ends what was annulled",
            )
        )
    refuse(problems)
    if chosen[0] == "service":
        return None
    if chosen[0] == "parcel":
        return Subject(PARCEL, county=find_county_code(named["county"]), parcel=normalise_identity(named["parcel"]))
    first, last = parse_tonnes(named["tonnes"])
    return Subject(
        CARBON,
        project=normalise_identity(named["project"]),
        vintage=named["vintage"],
        first_tonne=first,
        last_tonne=last,
        issued_tonnes=named["issued"],
    )


def _words(party: str, document: str) -> list[Problem]:
    named = {
        "party": (party, say("the party is empty"), say("buyer, lender or who compensates")),
        "document": (document, say("the document is empty"), say("contract, certificate or notice")),
    }
    problems = []
    for name, (text, empty, expected) in named.items():
        if not clean_text(text) or names_no_source(text):
            problems.append(Problem(f"--{name}", 0, empty, expected))
        else:
            problems += check_name(f"--{name}", mark_word(name), text)
    return problems
