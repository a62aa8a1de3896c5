"""A second layer tells apart what land cover lumps: forest into evergreen, deciduous and bamboo by a forest map, pixel by pixel."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, mark_word, say
from gep.reference.crosswalk import Crosswalk, LandClass, read_crosswalk
from gep.reference.members import list_types_above, name_member, order_ecosystems
from gep.space.drivers.layers import NODATA, UNKNOWN, Layers, classify_pixels, look_at_land, make_layers
from gep.space.raster.moving import read_moved
from gep.space.raster.sources import Raster, describe_wrong_file
from gep.space.shapes.class_polygons import list_positions, paint_classes, read_class_polygons
from gep.space.shapes.polygons import is_survey

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from gep.formula.nodes import Leaf
    from gep.space.raster.grid import Grid, Window
    from gep.space.shapes.polygons import Polygons

CLASSES, FIELD = "|classes=", "field="
"""Between a second layer and its crosswalk; before the column with the classes of polygons."""
LUMPED = ("forest", "grassland", "wetland")
"""Types of the first level whose coefficients are mostly those of their parts."""
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
    told    : what to tell of the files of second layers
    """

    land: Raster | None = None
    second: Raster | None = None
    onto: Grid | None = None
    tables: tuple[NDArray[np.int16], ...] = ()
    codes: NDArray[np.int32] | None = None
    told: tuple[str, ...] = ()

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
        second = self.read_second(window)
        if (lumped & (second == UNKNOWN)).any():
            raise describe_wrong_file(
                self.second.path,
                say("a class of the second layer has no row in its crosswalk"),
                "a row for every class",
                say("also for what is not divided, such as 0,other"),
            )
        return self.narrow(stored.astype(np.int32), second)

    @property
    def first(self) -> Raster:
        """The land cover that is divided."""
        assert self.land is not None  # noqa: S101 - divide_land sees to it
        return self.land

    def narrow(self, code: NDArray[np.int32], second: NDArray[np.integer]) -> NDArray[np.int32]:
        """Return codes of the first layer, those that the second one's classes tell apart as what they are together.

        Parameters
        ----------
        second : positions of classes, NODATA or UNKNOWN
        """
        assert self.codes is not None  # noqa: S101 - divide_land sees to it
        first = classify_pixels(code, self.tables[0], self.first.nodata)
        found = self.codes[np.maximum(first, 0), np.maximum(second, NODATA) + 1]
        return np.where((first >= 0) & (found > 0), found, code)

    def read_second(self, window: Window) -> NDArray[np.int16]:
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
    texts : FILE, FILE|classes=CROSSWALK, or of polygons FILE|field=NAME|classes=CROSSWALK

    Raises
    ------
    Problems : a file that cannot be used, or that tells nothing apart
    """
    for text in texts:
        layers = _divide(layers, text, leaves, year)
    return layers


@dataclass(frozen=True)
class SecondName:
    """What a call says of a second layer: its file with layer, band or projection behind it, its crosswalk, and of polygons the column of their classes."""

    file: str
    classes: str
    field: str

    @property
    def is_of_polygons(self) -> bool:
        """Whether it holds polygons."""
        return is_survey(Path(self.file))


def read_second_name(text: str) -> SecondName:
    """Return the parts of FILE|field=NAME|classes=CROSSWALK; empty where nothing is said."""
    name, _, scheme = text.partition(CLASSES)
    scheme, _, behind = scheme.partition("|")
    parts = [*name.split("|"), *([behind] if behind else [])]
    field = next((one.removeprefix(FIELD) for one in parts if one.startswith(FIELD)), "")
    return SecondName("|".join(one for one in parts if not one.startswith(FIELD)), scheme, field)


def read_second_raster(name: SecondName, leaves: Mapping[str, Leaf], year: int) -> Layers:
    """Return a raster of classes that is to divide others.

    Raises
    ------
    Problems : it cannot be used, or a column is named, which a raster has none of
    """
    if name.field:
        refuse_one(
            name.file,
            say("behind the file stands {option!r}", option=f"field={name.field}"),
            say("nothing: a raster has no columns"),
        )
    return make_layers(
        look_at_land(Path(name.file)), read_crosswalk(name.classes) if name.classes else None, (), leaves, None, year
    )


def _divide(layers: Layers, text: str, leaves: Mapping[str, Leaf], year: int) -> Layers:
    name = read_second_name(text)
    grid = layers.grid
    on_it: Window | None = None
    if name.is_of_polygons:
        polygons = read_class_polygons(name.file, name.field, name.classes, (grid.crs, grid.bounds))
        placed: Raster = paint_classes(polygons, grid)
        other, table, onto, told = polygons.crosswalk, list_positions(), None, polygons.told
    else:
        second = read_second_raster(name, leaves, year)
        on_it = grid.find_on(second.grid)
        placed = second.land if on_it is None else second.land.crop(on_it)
        other, table, onto, told = second.crosswalk, second.class_table(), grid if on_it is None else None, second.stated
    crosswalk, pairs = join_classes(layers.crosswalk, other, placed.path)
    codes = np.array([0, *(int(one.code) for one in crosswalk.classes[len(layers.crosswalk.classes) :])], dtype=np.int32)[pairs]
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
        onto=onto,
        tables=(layers.class_table(), table),
        codes=codes,
        told=(*(layers.land.told if isinstance(layers.land, DividedLand) else ()), *told),
    )
    return replace(layers, land=land, crosswalk=crosswalk)


def join_classes(first: Crosswalk, second: Crosswalk, path: str) -> tuple[Crosswalk, NDArray[np.int32]]:
    """Return the classes of both together, and of each pair which added class it is, from 1 (0: the first stays).

    A class of a wider type is divided into narrower ones, and what is left of it is unclassified land. One that the crosswalk itself calls ambiguous
    (trees whose leaves the survey does not know, taken as mixed forest) goes to other types of its group (forest, grassland, wetland), and stays what it is elsewhere.

    Parameters
    ----------
    path : file of the second layer, for messages

    Raises
    ------
    Problems : the second tells nothing apart, or so much that classes have no numbers
    """
    pairs = np.zeros((len(first.classes), len(second.classes) + 1), dtype=np.int32)
    code = max(FIRST_CODE, *(number + 1 for number in first.numbers)) if first.numbers else FIRST_CODE
    classes: list[LandClass] = []
    added: list[LandClass] = []
    for at, one in enumerate(first.classes):
        narrower = [to for to, other in enumerate(second.classes) if one.ecosystem in list_types_above(other.ecosystem)[1:]]
        beside = [
            to for to, other in enumerate(second.classes) if one.ambiguous and _are_siblings(one.ecosystem, other.ecosystem)
        ]
        note = f"{one.ecosystem} that {second.scheme} does not divide"
        classes.append(replace(one, ecosystem=UNDIVIDED, ambiguous=False, note=note) if narrower else one)
        for to in narrower or beside:
            other = second.classes[to]
            name = f"{one.code} {one.name} / {second.scheme} {other.code} {other.name}".strip()
            added.append(
                LandClass(str(code + len(added)), name, other.ecosystem, other.mark, other.ambiguous, other.note, other.line)
            )
            pairs[at, to + 1] = len(added)
    if not added:
        has, other_has = (join_list(order_ecosystems({one.ecosystem for one in of.classes})) for of in (first, second))
        raise describe_wrong_file(
            path,
            say("the second layer tells nothing apart: it has {types}", types=other_has),
            say("types below one of the land cover: {types}", types=has),
        )
    if code + len(added) > MOST_CODE:
        refuse_one(second.file, say("{count} pairs of classes", count=len(added)), say("fewer classes"))
    return replace(first, classes=(*classes, *added)), pairs


def _are_siblings(one: str, other: str) -> bool:
    above = list_types_above(one)[1:]
    return one != other and list_types_above(other)[1:] == above and any(group in LUMPED for group in above)


def describe_division(crosswalk: Crosswalk, area: NDArray[np.float64], land: Raster | Polygons) -> list[str]:
    """Return, for the user, how much of the land of each second layer was told apart, and how much was not; nothing where none is.

    Parameters
    ----------
    area : of each class, km²
    """
    divided_by = list_second_layers(land)
    if not divided_by:
        return []
    divided: dict[str, float] = {}
    left = 0.0
    for one, km2 in zip(crosswalk.classes, area.tolist(), strict=True):
        if " / " in one.name:
            divided[one.ecosystem] = divided.get(one.ecosystem, 0.0) + km2
        elif one.ecosystem == UNDIVIDED and "does not divide" in one.note:
            left += km2
    types = join_list(
        say("{type} {area:,.4f} km²", type=name_member(name), area=divided[name])
        for name in order_ecosystems(divided)
        if divided[name]
    )
    told: list[str] = [say("told apart by {file}: {types}", file=join_list(divided_by), types=types or mark_word("(none)"))]
    if left > 0:
        told.append(
            say(
                "{area:,.4f} km² of classes that are divided have no narrower type there: unclassified, no service counts them",
                area=left,
            )
        )
    return [*(land.told if isinstance(land, DividedLand) else ()), *told]


def list_second_layers(land: Raster | Polygons) -> tuple[str, ...]:
    """Return the files that divide land cover, in their order."""
    if not isinstance(land, DividedLand):
        return tuple(one.name for one in getattr(land, "divided_by", ()))
    assert land.land is not None  # noqa: S101 - divide_land sees to it
    assert land.second is not None  # noqa: S101 - divide_land sees to it
    return (*list_second_layers(land.land), land.second.name)
