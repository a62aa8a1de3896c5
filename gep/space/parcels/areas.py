"""Areas of survey parcels as the survey states them: net of field ridges (田坎), which are a class of their own.

TBMJ is the area of a parcel (图斑面积), KCMJ what is deducted (扣除地类面积) by the factor KCXS (扣除地类系数), TBDLMJ = TBMJ − KCMJ its
net area (图斑地类面积), all in m²; KCDLBM is the class of what is deducted (扣除地类编码), 1203 (田坎) unless stated.
Source: TD/T 1055-2019 and the database standard of the third national land survey (TD/T 1057-2020); recalled [K].
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gep.files.written_numbers import THOUSANDS
from gep.messages.problems import Problem, refuse
from gep.messages.texts import Text, join_list, say
from gep.paths import print_path
from gep.space.raster.sources import describe_wrong_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from gep.space.shapes.polygons import Polygons

    Floats = NDArray[np.float64]

GROSS, NET, DEDUCTED, FACTOR, DEDUCTED_CLASS = "TBMJ", "TBDLMJ", "KCMJ", "KCXS", "KCDLBM"
RIDGES = "1203"
ROUNDING = 0.02
"""m² by which stated areas may miss their sum: the survey writes two decimals."""
AS_DRAWN = 0.01
"""Share by which the stated areas of all parcels together may differ from the areas of their shapes on the ellipsoid."""
OF_ITS_SHAPE, LEAST_GAP = 0.1, 1.0
"""Share, and m², by which the stated area of a parcel may differ from that of its shape."""
M2_PER_KM2 = 1e6
NAMED = 5
UNITS = {10_000 / 15: "亩 (mu)", 10_000.0: "公顷 (ha)", 1e6: "km²"}
"""m² of a unit that people write in the place of m²."""


@dataclass(frozen=True)
class ParcelAreas:
    """Stated areas of parcels, km².

    Attributes
    ----------
    net      : of each parcel's own class
    deducted : of each parcel, of the class `deducted_class`
    told     : what to tell of them
    """

    net: Floats
    deducted: Floats
    deducted_class: tuple[str, ...]
    told: Text


def read_parcel_areas(parcels: Polygons, drawn: Floats) -> ParcelAreas | None:
    """Return the areas that a survey states of its parcels; None where it states none.

    Parameters
    ----------
    drawn : areas of the shapes on the ellipsoid, km²

    Raises
    ------
    Problems : cells that are no areas, areas that do not add up, or are in another unit than m²
    """
    given = {name: _read_numbers(parcels, name) for name in (GROSS, NET, DEDUCTED, FACTOR)}
    gross, net, deducted, factor = (given[name] for name in (GROSS, NET, DEDUCTED, FACTOR))
    if net is None and gross is None:
        return None
    if deducted is None:
        if factor is not None:
            deducted = _deduct(parcels, gross, net, factor)
        elif net is not None and gross is not None:
            deducted = gross - net
        else:
            deducted = np.zeros(len(drawn))
    if net is None:
        assert gross is not None  # noqa: S101 - one of the two is there
        net = gross - deducted
    problems: list[Problem] = []
    if gross is not None:
        rest = gross - deducted
        problems = [
            _problem(parcels, int(at), say("TBDLMJ is {net:,.2f}, TBMJ − KCMJ is {rest:,.2f}", net=net[at], rest=rest[at]))
            for at in np.flatnonzero(np.abs(rest - net) > ROUNDING)[:NAMED]
        ]
    problems += [
        _problem(
            parcels, int(at), say("a net area is {net:,.2f}, a deducted one {deducted:,.2f}", net=net[at], deducted=deducted[at])
        )
        for at in np.flatnonzero((net < -ROUNDING) | (deducted < -ROUNDING))[:NAMED]
    ]
    refuse(problems)
    whole, of_shapes = float((net + deducted).sum()), float(drawn.sum()) * M2_PER_KM2
    if abs(whole - of_shapes) > AS_DRAWN * of_shapes:
        unit = next((name for size, name in UNITS.items() if abs(whole * size - of_shapes) <= AS_DRAWN * of_shapes), "")
        raise describe_wrong_file(
            parcels.path,
            say(
                "stated areas add up to {whole:,.2f}, the shapes on the ellipsoid to {shapes:,.2f} m²",
                whole=whole,
                shapes=of_shapes,
            ),
            "areas in m² (TBMJ, TBDLMJ) that differ by less than 1 %",
            say("they seem to be in {unit}", unit=unit) if unit else "is the projection right, is every parcel whole?",
        )
    refuse(_find_cut(parcels, net + deducted, drawn * M2_PER_KM2))
    classes = _read_classes(parcels, len(drawn))
    told = say(
        "areas of parcels as stated ({fields}): net {net:,.4f} km², deducted {deducted:,.4f} km², {gap:+.3%} against the shapes",
        fields=join_list(name for name, values in given.items() if values is not None),
        net=float(net.sum()) / M2_PER_KM2,
        deducted=float(deducted.sum()) / M2_PER_KM2,
        gap=whole / of_shapes - 1,
    )
    return ParcelAreas(np.maximum(net, 0) / M2_PER_KM2, np.maximum(deducted, 0) / M2_PER_KM2, classes, told)


def _find_column(parcels: Polygons, name: str) -> tuple[str, ...] | None:
    return next((values for own, values in parcels.fields.items() if own.casefold() == name.casefold()), None)


def _read_numbers(parcels: Polygons, name: str) -> Floats | None:
    """Return a column of numbers; None where it is not there or wholly empty. An empty cell of what is deducted is 0.

    Raises
    ------
    Problems : cells that are no numbers
    """
    texts = _find_column(parcels, name)
    if texts is None or not any(texts):
        return None
    found = np.zeros(len(texts))
    problems: list[Problem] = []
    for at, text in enumerate(texts):
        try:
            found[at] = float(text) if text or name in {GROSS, NET} else 0.0
        except ValueError:
            found[at] = np.nan
        if not np.isfinite(found[at]) and len(problems) < NAMED:
            plain = text.replace(",", "")
            hint = say("write {text}", text=plain) if THOUSANDS.fullmatch(text) else ""
            problems.append(_problem(parcels, at, say("{name} is {text!r}", name=name, text=text), hint))
    refuse(problems)
    return found


def _deduct(parcels: Polygons, gross: Floats | None, net: Floats | None, factor: Floats) -> Floats:
    """Return what is deducted by factors: of the whole area, which follows from the net one where it is not stated."""
    share = _as_share(parcels, factor)
    if gross is None:
        assert net is not None  # noqa: S101 - one of the two is there
        gross = net / (1 - share)
    return gross * share


def _find_cut(parcels: Polygons, stated: Floats, drawn: Floats) -> list[Problem]:
    """Return parcels whose stated areas are not those of their shapes: in another unit, mistyped, or of a whole of which a part is left.

    Parameters
    ----------
    stated, drawn : m²
    """
    far = np.abs(stated - drawn) > np.maximum(OF_ITS_SHAPE * drawn, LEAST_GAP)
    return [
        Problem(
            print_path(Path(parcels.path)),
            int(at) + 1,
            say(
                "parcel {at} states {stated:,.2f} m², its shape on the ellipsoid has {drawn:,.2f} m² ({count} such parcels)",
                at=int(at) + 1,
                stated=stated[at],
                drawn=drawn[at],
                count=int(far.sum()),
            ),
            "the area of the shape, to 10 %",
            "a shape that was cut keeps the area of the whole: give the parcels uncut, borders cut them here; or leave the areas out (ogr2ogr -select DLBM)",
        )
        for at in np.flatnonzero(far)[:NAMED]
    ]


def _as_share(parcels: Polygons, factor: Floats) -> Floats:
    """Return the factors of what is deducted as shares; the survey writes shares, some write percent."""
    if (factor < 0).any() or (factor >= 1).any():
        raise describe_wrong_file(
            parcels.path,
            say("KCXS reaches from {low:g} to {high:g}", low=factor.min(), high=factor.max()),
            "shares between 0 and 1",
            "12.5 % is written 0.125",
        )
    return factor


def _read_classes(parcels: Polygons, count: int) -> tuple[str, ...]:
    given = _find_column(parcels, DEDUCTED_CLASS)
    return (RIDGES,) * count if given is None else tuple(text or RIDGES for text in given)


def _problem(parcels: Polygons, at: int, found: str, hint: str = "") -> Problem:
    return Problem(print_path(Path(parcels.path)), at + 1, found, "an area of a survey in m²: TBDLMJ = TBMJ − KCMJ", hint)
