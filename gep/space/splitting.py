"""A second layer tells apart what land cover lumps: forest into evergreen, deciduous and bamboo by a forest map, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.reference.crosswalk import Crosswalk, LandClass, read_crosswalk
from gep.reference.members import list_types_above, name_member, order_ecosystems
from gep.space.layers import NODATA, UNKNOWN, Layers, classify_pixels, look_at_land, make_layers
from gep.space.moving import read_moved
from gep.space.polygons import is_survey
from gep.space.sources import Raster, describe_wrong_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.space.grid import Grid, Window
    from gep.space.sums import ZonalSums

CLASSES = "|classes="
"""Between a second layer and its crosswalk."""
UNDIVIDED = "unclassified"
FIRST_CODE = 1000
MOST_CODE = 60_000
NAMED = 5


@dataclass(frozen=True)
class DividedLand(Raster):
    """Land cover whose lumped classes a second layer tells apart.

    Attributes
    ----------
    land, second : the two layers, on their own grids
    onto    : grid that the second one is brought onto, nearest pixel; None: it lies on it
    tables  : of each, from a stored value's sixteen bits to its class
    codes   : class of the first, class of the second + 1 (0: no data) → code of what they are together; 0: the first stays
    """

    land: Raster | None = None
    second: Raster | None = None
    onto: Grid | None = None
    tables: tuple[NDArray[np.int16], ...] = ()
    codes: NDArray[np.int32] | None = None

    @property
    def is_plain(self) -> bool:
        """Whether GDAL reads it as one file."""
        return False

    @property
    def cited(self) -> str:
        """Both files and their hashes, for a source column."""
        assert self.land is not None  # noqa: S101 - divide_land sees to it
        assert self.second is not None  # noqa: S101 - divide_land sees to it
        return f"{self.land.cited}, divided by {self.second.cited}"

    def read(self, window: Window) -> NDArray[np.generic]:
        """Return a block of codes, shape (rows, columns).

        Raises
        ------
        Problems : a file is broken there, or the second layer has a class without a row in its crosswalk
        """
        assert self.land is not None  # noqa: S101 - divide_land sees to it
        assert self.second is not None  # noqa: S101 - divide_land sees to it
        assert self.codes is not None  # noqa: S101 - divide_land sees to it
        window = window.shift(*self.corner)
        stored = np.asarray(self.land.read(window))
        first = classify_pixels(stored, self.tables[0], self.land.nodata)
        divided = np.asarray(self.codes.any(axis=1))
        lumped = (first >= 0) & divided[np.maximum(first, 0)]
        second = self._read_second(window)
        if (lumped & (second == UNKNOWN)).any():
            raise describe_wrong_file(
                self.second.path,
                say("a class of the second layer has no row in its crosswalk"),
                "a row for every class",
                say("also for what is not divided, such as 0,other"),
            )
        found: NDArray[np.int32] = stored.astype(np.int32)
        codes = self.codes[np.maximum(first, 0), np.maximum(second, NODATA) + 1]
        np.copyto(found, codes, where=lumped & (codes > 0))
        return found

    def _read_second(self, window: Window) -> NDArray[np.int16]:
        """Return the classes of the second layer on the first one's pixels."""
        assert self.second is not None  # noqa: S101 - divide_land sees to it
        if self.onto is None:
            return classify_pixels(np.asarray(self.second.read(window)), self.tables[1], self.second.nodata)
        moved = np.asarray(read_moved(self.second, window, self.onto, "nearest"))
        missing = np.isnan(moved)
        found = classify_pixels(np.where(missing, 0, moved).astype(np.int64), self.tables[1], self.second.nodata)
        found[missing] = NODATA
        return found


def divide_layers(layers: Layers, texts: Iterable[str], leaves: Mapping[str, Leaf], year: int) -> Layers:
    """Return layers whose lumped classes further layers tell apart, one after the other.

    A pixel takes the type of the second layer where that is narrower than its own (bamboo forest of forest); one of a class that is divided, of which the
    second layer knows nothing narrower, is unclassified: it has no type that an account may list beside the narrower ones.

    Parameters
    ----------
    texts : FILE, or FILE|classes=CROSSWALK

    Raises
    ------
    Problems : a file that cannot be used, or that tells nothing apart
    """
    for text in texts:
        layers = _divide(layers, text, leaves, year)
    return layers


def refuse_split(texts: Iterable[str]) -> None:
    """Refuse second layers beside parcels of a survey, whose classes are told apart by the survey itself.

    Raises
    ------
    Problems : there is one
    """
    for text in texts:
        refuse_one(
            "--split",
            say("{file} is to divide parcels of a survey", file=text),
            say("a raster of land cover"),
            "--split-shares divides them",
        )


def _divide(layers: Layers, text: str, leaves: Mapping[str, Leaf], year: int) -> Layers:
    name, _, scheme = text.partition(CLASSES)
    if is_survey(Path(name)):
        refuse_one(
            name, say("the second layer is of polygons"), say("a raster of classes"), "gdal_rasterize -a FIELD makes one of them"
        )
    second = make_layers(look_at_land(Path(name)), read_crosswalk(scheme) if scheme else None, (), leaves, None, year)
    grid = layers.grid
    on_it = grid.find_on(second.grid)
    placed = second.land if on_it is None else second.land.crop(on_it)
    crosswalk, codes = _join_classes(layers.crosswalk, second.crosswalk)
    if not codes.any():
        has, other = (join_list(order_ecosystems({one.ecosystem for one in of.crosswalk.classes})) for of in (layers, second))
        raise describe_wrong_file(
            second.land.path,
            say("the second layer tells nothing apart: it has {types}", types=other),
            say("types below one of the land cover: {types}", types=has),
        )
    land = DividedLand(
        layers.land.path,
        grid,
        "int32",
        layers.land.nodata,
        1.0,
        0.0,
        "",
        layers.land.block,
        layers.land.sha256,
        stated=layers.land.stated,
        land=layers.land,
        second=placed,
        onto=grid if on_it is None else None,
        tables=(layers.class_table(), second.class_table()),
        codes=codes,
    )
    return replace(layers, land=land, crosswalk=crosswalk)


def _join_classes(first: Crosswalk, second: Crosswalk) -> tuple[Crosswalk, NDArray[np.int32]]:
    """Return the classes of both together, and the code of each pair; a class that is divided is left as unclassified land."""
    codes = np.zeros((len(first.classes), len(second.classes) + 1), dtype=np.int32)
    code = max(FIRST_CODE, *(number + 1 for number in first.numbers))
    classes: list[LandClass] = []
    added: list[LandClass] = []
    for at, one in enumerate(first.classes):
        narrower = [
            (to, other) for to, other in enumerate(second.classes) if one.ecosystem in list_types_above(other.ecosystem)[1:]
        ]
        if not narrower:
            classes.append(one)
            continue
        note = f"{one.ecosystem} that {second.scheme} does not divide"
        classes.append(replace(one, ecosystem=UNDIVIDED, ambiguous=False, note=note))
        for to, other in narrower:
            codes[at, to + 1] = code
            name = f"{one.code} {one.name} / {second.scheme} {other.code} {other.name}".strip()
            added.append(LandClass(str(code), name, other.ecosystem, other.mark, other.ambiguous, other.note, other.line))
            code += 1
    if code > MOST_CODE:
        refuse_one(second.file, say("{count} pairs of classes", count=len(added)), say("fewer classes"))
    return replace(first, classes=(*classes, *added)), codes


def describe_division(layers: Layers, sums: ZonalSums) -> list[str]:
    """Return, for the user, how much of the land of each second layer was told apart, and how much was not."""
    if not isinstance(layers.land, DividedLand):
        return []
    area = sums.area.sum(axis=0)[1:]
    divided: dict[str, float] = {}
    left = 0.0
    for one, km2 in zip(layers.crosswalk.classes, area.tolist(), strict=True):
        if " / " in one.name:
            divided[one.ecosystem] = divided.get(one.ecosystem, 0.0) + km2
        elif one.ecosystem == UNDIVIDED and "does not divide" in one.note:
            left += km2
    types = join_list(
        say("{type} {area:,.4f} km²", type=name_member(name), area=divided[name])
        for name in order_ecosystems(divided)
        if divided[name]
    )
    told: list[str] = [
        say("told apart by {file}: {types}", file=layers.land.second.name if layers.land.second else "", types=types)
    ]
    if left > 0:
        told.append(
            say(
                "{area:,.4f} km² of classes that are divided have no narrower type there: unclassified, no service counts them",
                area=left,
            )
        )
    return told
