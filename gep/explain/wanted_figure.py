"""What a document asks of an account: which figure, of what, at which prices, under which standard; nothing is read here."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from gep.files.schema import Part
from gep.messages.texts import join_list, say

Cause = Literal["quantity", "price", "coefficient", "coverage", "rules"]


class FromAccount(Part):
    """The figure of an approved account in the store that an input or indicator is read from; nothing else is accepted."""

    figure: Literal["value", "quantity", "growth"]
    """growth: the change of the value over the year before, told apart by cause."""
    of: str
    """A category (gep, regulating, material, cultural) or the id of a service."""
    price: Literal["current", "constant", "none"] = "none"
    standard: str
    approved: Literal["true"]
    coverage: Literal["complete", "any"] = "complete"
    comparable: Literal["previous", ""] = ""
    """previous: the year before is recomputed under the same rules, coefficients and prices."""
    parts: tuple[Cause, ...] = Field(default=())
    """Of a growth: the causes that count; empty: the whole growth."""
    refuse: tuple[Cause, ...] = Field(default=())
    """Of a growth: causes that must have moved nothing, or the figure is refused."""


def find_wrong_parts(wanted: FromAccount) -> list[tuple[str, str, str]]:
    """Return what in a wanted figure does not go together: found, expected, hint."""
    found: list[tuple[str, str, str]] = []
    if wanted.figure != "quantity" and wanted.price == "none":
        found.append((say("is a value of an account and does not say at which prices"), "price: current or constant", ""))
    if wanted.comparable and wanted.price == "current":
        found.append((say("compares years at current prices"), "price: constant", "a change of prices must not make money"))
    if wanted.figure != "growth" and (wanted.parts or wanted.refuse):
        found.append((say("names parts of a growth and is a {figure}", figure=wanted.figure), "figure: growth", ""))
    if wanted.figure == "growth" and wanted.comparable:
        found.append((say("is a growth and comparable"), "parts or refuse", ""))
    both = [cause for cause in wanted.parts if cause in wanted.refuse]
    if both:
        found.append((say("counts {causes} and refuses it", causes=join_list(both)), "one of the two", ""))
    return found
