"""Which product a land-cover raster is: what the file itself says of it. Numbers alone are no evidence: many schemes use them."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from gep.messages.problems import Problem, refuse, refuse_one
from gep.messages.texts import Joined, join_list, say
from gep.reference.crosswalk import list_shipped_crosswalks, read_crosswalk
from gep.space.raster.confined import open_confined
from gep.space.raster.hdf4 import Hdf4Raster
from gep.space.raster.products import find_fills_of_scheme, list_land_products, read_words
from gep.space.raster.stacks import Stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from gep.reference.crosswalk import Crosswalk
    from gep.space.raster.sources import Raster

COLOURS = {
    "worldcover": {
        10: (0, 100, 0),
        20: (255, 187, 34),
        30: (255, 255, 76),
        40: (240, 150, 255),
        50: (250, 0, 0),
        60: (180, 180, 180),
        70: (240, 240, 240),
        80: (0, 100, 200),
        90: (0, 150, 160),
        95: (0, 207, 117),
        100: (250, 230, 160),
    }
}
"""Scheme → colours of its classes in the colour table of its files. Source: ESA WorldCover product user manual; recalled [K]."""


_RENUMBERED = re.compile(r"re-?class|recod|remap|re-?number|重分类|重编码|重新编码|归类|归并")
"""What the name of a file says whose classes somebody has given other numbers: what product it was made from is no evidence then."""


def recognise_crosswalk(land: Raster, codes: set[int]) -> tuple[Crosswalk, str]:
    """Return the shipped crosswalk of the product that a raster is, and the evidence in words.

    Parameters
    ----------
    codes : the classes that occur in the raster

    Raises
    ------
    Problems : the file does not say which product it is, says several, or one whose classes do not fit
    """
    found = {scheme: why for scheme, (_, why) in _find_evidence(land, codes).items() if scheme}
    fitting = {
        scheme: why
        for scheme, why in found.items()
        if codes and _without_fills(scheme, codes) <= set(read_crosswalk(scheme).numbers)
    }
    if len(fitting) == 1 and len(found) == 1:
        ((scheme, why),) = fitting.items()
        return read_crosswalk(scheme), why
    shown = join_list(map(str, sorted(codes)[:20]))
    why = (
        Joined((say("{scheme} by {evidence}", scheme=name, evidence=why) for name, why in found.items()), "; ", "；")
        if found
        else say("nothing in the file says so")
    )
    refuse_one(
        land.name,
        say("which classes its numbers ({shown}) are is not certain: {why}", shown=shown, why=why),
        say("--classes with one of {crosswalks}, or a CSV file", crosswalks=join_list(list_shipped_crosswalks())),
        "many products use the same small numbers; say which product this is, or write its classes into a CSV with code and ecosystem",
    )


def check_stated_classes(land: Raster, crosswalk: Crosswalk, read_codes: Callable[[], set[int]]) -> None:
    """Refuse a shipped crosswalk that the call names where the file says that it is another product.

    A crosswalk of one's own is not judged: its owner has looked at the classes.

    Parameters
    ----------
    read_codes : finds the classes that occur; called only where colours or names of categories can be evidence

    Raises
    ------
    Problems : name, tags, colours or categories of the file speak for other products only
    """
    if not crosswalk.is_shipped:
        return
    found = _find_evidence(land, read_codes() if _has_labels(land) else set())
    if not found or crosswalk.scheme in found:
        return
    scheme, (product, why) = next(iter(found.items()))
    hint = (
        say("--classes {scheme}; if the file says so wrongly, give it another name or tags", scheme=scheme)
        if scheme
        else "write its classes into a CSV with code and ecosystem (--classes FILE.csv); if the file says so wrongly, give it another name or tags"
    )
    refuse_one(
        land.name,
        say("the call says {given}; by {evidence} it is {product}", given=crosswalk.scheme, evidence=why, product=product),
        "the classes of the product that the file is",
        hint,
    )


def check_one_product(land: Raster) -> None:
    """Refuse tiles that say they are of different products: a number of the one is another class in the other.

    Raises
    ------
    Problems : every tile that speaks for other products than the first that speaks for any
    """
    first: tuple[Raster, dict[str, tuple[str, str]]] | None = None
    problems = []
    for part in land.parts if isinstance(land, Stack) else ():
        found = _find_evidence(part, set())
        if first is None and found:
            first = part, found
        elif first is not None and found and not found.keys() & first[1].keys():
            (product, why), (other, _) = next(iter(found.values())), next(iter(first[1].values()))
            said = say(
                "by {evidence} it is {product}, and {first} is {other}",
                evidence=why,
                product=product,
                first=first[0].name,
                other=other,
            )
            problems.append(
                Problem(part.name, 0, said, "tiles of one product", "one land cover a call; gep transitions compares two")
            )
    refuse(problems)


def _find_evidence(land: Raster, codes: set[int]) -> dict[str, tuple[str, str]]:
    """Return which schemes a file speaks for, the product and by what; the scheme is empty of a product without a crosswalk.

    Such a product goes before all others.
    """
    land = land.parts[0] if isinstance(land, Stack) else land
    path = Path(land.path)
    colours: dict[int, tuple[int, ...]] = {}
    if isinstance(land, Hdf4Raster):
        said = read_words(land).casefold()
    else:
        with open_confined(land.dataset or path) as source:
            tags = {**source.tags(), **source.tags(1), "description": source.descriptions[0] or ""}
            with suppress(ValueError):  # it has none
                colours = source.colormap(1)
        said = " ".join(f"{name} {value}" for name, value in tags.items()).casefold()
    name = path.name.casefold()
    found: dict[str, tuple[str, str]] = {}
    if _RENUMBERED.search(name):
        return found
    for product in list_land_products():
        if not (product.is_said_by(said) or product.is_said_by(name)):
            continue
        why = say("the tags of the file") if product.is_said_by(said) else say("the name of the file")
        if not product.scheme:
            return {"": (product.name, why)}
        found[product.scheme] = (product.name, why)
    labels = _read_categories(path)
    for scheme in list_shipped_crosswalks():
        numbers = read_crosswalk(scheme).numbers
        if codes and all(code in labels and code in numbers and labels[code] == numbers[code].name.casefold() for code in codes):
            found.setdefault(scheme, (scheme, say("the names of its categories")))
    for scheme, known in COLOURS.items():
        if _agree(colours, known, codes):
            found.setdefault(scheme, (scheme, say("its colour table")))
    return found


def _has_labels(land: Raster) -> bool:
    """Whether a file has colours or names of categories."""
    land = land.parts[0] if isinstance(land, Stack) else land
    if isinstance(land, Hdf4Raster):
        return False
    path = Path(land.path)
    with open_confined(land.dataset or path) as source:
        try:
            return bool(source.colormap(1)) or bool(_read_categories(path))
        except ValueError:
            return bool(_read_categories(path))


def _without_fills(scheme: str, codes: set[int]) -> set[int]:
    return {code for code in codes if not any(low <= code <= high for low, high in find_fills_of_scheme(scheme))} or codes


def _agree(colours: Mapping[int, tuple[int, ...]], known: Mapping[int, tuple[int, int, int]], codes: set[int]) -> bool:
    """Whether all classes that occur have the colours of a product; two at least, since one colour may be chance."""
    return len(codes) > 1 and all(code in colours and colours[code][:3] == known.get(code) for code in codes)


def _read_categories(path: Path) -> dict[int, str]:
    """Return the names of categories that stand beside a raster in its .aux.xml, in small letters, by number."""
    beside = path.with_name(f"{path.name}.aux.xml")
    if not beside.is_file() or beside.stat().st_size > 1_000_000:  # noqa: PLR2004 - bytes; a list of names is small
        return {}
    content = beside.read_bytes()
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        return {}
    try:
        root = ET.fromstring(content)  # noqa: S314 - files with entities are left out above
    except ET.ParseError:
        return {}
    names = root.findall(".//CategoryNames/Category")
    return {number: (one.text or "").strip().casefold() for number, one in enumerate(names)}
