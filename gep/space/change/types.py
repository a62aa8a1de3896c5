"""The ecosystem types that two years of land cover have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from gep.reference.members import list_types_above, order_ecosystems
from gep.space.zonal.extract import UNCLASSIFIED

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.reference.crosswalk import Crosswalk


@dataclass(frozen=True)
class TypesOfBoth:
    """Types of two years.

    Attributes
    ----------
    names  : in their order, `unclassified` among them
    tables : of each year, class position + 1 (0: no data) → position of its type
    lifted : types that are taken as the one that holds them
    """

    names: tuple[str, ...]
    tables: tuple[NDArray[np.int16], NDArray[np.int16]]
    lifted: tuple[str, ...]


def find_types(opening: Crosswalk, closing: Crosswalk) -> TypesOfBoth:
    """Return the types of both years.

    Where one year knows only the wider type (forest), the narrower ones of the other (bamboo forest) are taken as that.
    """
    both = {one.ecosystem for crosswalk in (opening, closing) for one in crosswalk.classes}
    taken = {name: next((one for one in reversed(list_types_above(name)[1:]) if one in both), name) for name in both}
    names = order_ecosystems({*taken.values(), UNCLASSIFIED})
    place = {name: at for at, name in enumerate(names)}
    first, second = (
        np.array([place[UNCLASSIFIED], *(place[taken[one.ecosystem]] for one in crosswalk.classes)], dtype=np.int16)
        for crosswalk in (opening, closing)
    )
    return TypesOfBoth(names, (first, second), tuple(name for name in order_ecosystems(both) if taken[name] != name))
