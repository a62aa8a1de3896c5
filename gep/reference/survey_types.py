"""The areas of a land survey as areas of ecosystem types: each class by its row of a crosswalk, wholes beside their parts told apart."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from gep.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from gep.reference.crosswalk import Crosswalk, LandClass

SURVEY = "survey3"
"""The crosswalk of the third national land survey, whose classes forms ask for."""


@dataclass(frozen=True)
class TypeArea:
    """The area of an ecosystem type and the classes it was added up from; all areas in one unit, that of the survey."""

    ecosystem: str
    area: Fraction
    classes: tuple[tuple[LandClass, str, Fraction], ...]
    """Row of the crosswalk, code as given, and area."""


@dataclass(frozen=True)
class WholeArea:
    """The area of a class above others that has no type itself (01 耕地): its parts are counted, `parts` is their sum.

    Also a class smaller than what is given below it (0810 of 2 hm² with 0810A of 3 hm²).
    """

    code: str
    area: Fraction
    parts: Fraction


@dataclass(frozen=True)
class SurveyTypes:
    """What the classes of a survey are: types in the order of the crosswalk, wholes, and codes without a row."""

    types: tuple[TypeArea, ...]
    wholes: tuple[WholeArea, ...]
    unknown: tuple[str, ...]


def turn_into_types(crosswalk: Crosswalk, areas: Mapping[str, Fraction]) -> SurveyTypes:
    """Return the areas of ecosystem types that the areas of land classes add up to.

    Parameters
    ----------
    areas : code of a class → area, in any one unit. A code that begins others which are given holds them: where it has a type
        itself (0810 above 0810A) the rest is of that type, else (01 above 0101) it is a whole and not counted. A code below one
        of the crosswalk (0307K below 0307) is of its class.

    Nothing is lost: every code is in a type, a whole or unknown.
    """
    of_type: dict[str, list[tuple[LandClass, str, Fraction]]] = {}
    wholes, unknown = [], []
    for code, area in areas.items():
        below = find_parts(code, areas)
        parts = sum((areas[one] for one in below), Fraction())
        found = crosswalk.find(code)
        if below and (found is None or parts > area):
            wholes.append(WholeArea(code, area, parts))
        elif found is None:
            unknown.append(code)
        else:
            of_type.setdefault(found.ecosystem, []).append((found, code, area - parts))
    types = tuple(
        TypeArea(name, sum((area for *_, area in of_type[name]), Fraction()), tuple(of_type[name]))
        for name in dict.fromkeys(one.ecosystem for one in crosswalk.classes)
        if name in of_type
    )
    return SurveyTypes(types, tuple(wholes), tuple(unknown))


def find_parts(code: str, codes: Iterable[str]) -> list[str]:
    """Return the codes that lie directly below a code: of 01 the 0101, 0102 … that are given, not what lies below those again."""
    below = [one for one in codes if one != code and one.startswith(code)]
    return [one for one in below if not any(other != one and one.startswith(other) for other in below)]
