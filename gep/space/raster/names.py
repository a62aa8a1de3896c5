"""What stands behind the name of a raster: a variable of a container, a band, a projection; and names that mean several files."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from pathlib import Path

from gep.messages.problems import refuse_one
from gep.messages.texts import join_list, say
from gep.paths import print_path

KEYS = ("variable", "band", "crs")
ENDINGS = {".tif", ".tiff", ".nc", ".img", ".hgt", ".asc", ".h5", ".hdf"}
LARGEST_LIST = 10_000_000
"""Bytes of a VRT that is read as a list of files."""
MOST_FILES = 10_000
ONLY_LISTS = "a VRT that gdalbuildvrt made of files beside it; make one GeoTIFF of any other (gdal_translate)"
"""What is expected of a VRT."""


@dataclass(frozen=True)
class Listing:
    """What a VRT says of a file that it lists, which the file itself must say too; empty where it says nothing.

    Attributes
    ----------
    vrt    : the VRT
    crs    : system of coordinates
    corner : where the file begins, and the size of a pixel of the VRT
    nodata : numbers that mark no data
    unit   : of the numbers
    """

    vrt: Path
    crs: str = ""
    corner: tuple[float, float, float, float] | None = None
    nodata: tuple[float, ...] = ()
    unit: str = ""


@dataclass(frozen=True)
class RasterName:
    """One raster that is meant: a file, and where it holds several, which; `crs` is stated by hand where the file states none, `listing` by a VRT that lists it."""

    path: Path
    variable: str = ""
    band: int = 0
    crs: str = ""
    listing: Listing | None = None


def read_raster_names(text: str) -> list[RasterName]:
    """Return the rasters that a text means: FILE, FILE|variable=NAME|band=N|crs=CODE, several joined by commas, a folder, a glob or a VRT.

    Raises
    ------
    Problems : a key or band nobody knows, no file of a folder or glob, a VRT that is more than a list of local files
    """
    if Path(text).is_file() and Path(text).suffix.lower() != ".vrt":
        return [RasterName(Path(text))]
    name, *options = text.split("|")
    keys = dict.fromkeys(KEYS, "")
    for option in options:
        key, _, value = option.partition("=")
        if key not in keys or not value:
            refuse_one(
                name,
                say("behind the file stands {option!r}", option=option),
                say("one of {names}", names=join_list(f"|{one}=" for one in KEYS)),
            )
        keys[key] = value
    if keys["band"] and not re.fullmatch(r"[1-9]\d{0,4}", keys["band"]):
        refuse_one(name, say("the band is {text!r}", text=keys["band"]), "a number from 1")
    band = int(keys["band"] or 0)
    files = [one for part in _split(name) for one in _list_files(part)]
    if len(files) > MOST_FILES:
        refuse_one(name, say("{count} files are meant", count=len(files)), say("at most {most}", most=MOST_FILES))
    return [RasterName(one, keys["variable"], band, keys["crs"], listing) for one, listing in files]


def _split(text: str) -> list[str]:
    return [text] if Path(text).exists() else [one for one in text.split(",") if one.strip()]


def _list_files(text: str) -> list[tuple[Path, Listing | None]]:
    path = Path(text)
    if path.is_dir():
        found = sorted((one for one in path.iterdir() if one.is_file() and one.suffix.lower() in ENDINGS), key=_natural)
        if not found:
            refuse_one(
                print_path(path),
                "the folder holds no raster",
                say("files ending in {endings}", endings=join_list(sorted(ENDINGS))),
            )
        return [(one, None) for one in found]
    if path.is_file() and path.suffix.lower() == ".vrt":
        return _read_list(path)
    if any(sign in text for sign in "*?[") and not path.exists():
        at = Path(path.anchor) if path.is_absolute() else Path()
        pattern = str(path.relative_to(path.anchor)) if path.is_absolute() else text
        found = sorted((one for one in at.glob(pattern) if one.is_file()), key=_natural)
        if not found:
            refuse_one(text, "no file has such a name", "a pattern of files that are there")
        return [(one, None) for one in found]
    return [(path, None)]


def _natural(path: Path) -> list[tuple[int, int, str]]:
    """Return the key by which names with numbers stand in the order of the numbers: 2 before 10."""
    return [(int(one), 0, "") if one.isdigit() else (0, 1, one) for one in re.split(r"(\d+)", path.name)]


def _read_list(path: Path) -> list[tuple[Path, Listing | None]]:
    """Return the files that a VRT lists, and what it says of each; only one that places local files side by side is a list."""
    content = path.read_bytes()[: LARGEST_LIST + 1]
    if len(content) > LARGEST_LIST or b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        refuse_one(print_path(path), "this VRT is no list of files", ONLY_LISTS)
    try:
        root = ET.fromstring(content)  # noqa: S314 - files with entities are left out above
    except ET.ParseError:
        refuse_one(print_path(path), "this VRT is no list of files", ONLY_LISTS)
    bands = root.findall("VRTRasterBand")
    found: list[tuple[Path, Listing | None]] = []
    for source in (one for band in bands for one in band if one.tag.endswith("Source")):
        name = source.findtext("SourceFilename") or ""
        relative = (source.find("SourceFilename").attrib.get("relativeToVRT", "0") == "1") if name else False  # type: ignore[union-attr]
        plain = name and not name.startswith("/vsi") and ":" not in name.removeprefix(str(Path(name).anchor))
        if (
            not plain
            or source.tag not in _PLAIN_SOURCES
            or (source.findtext("SourceBand") or "1") != "1"
            or {one.tag for one in source} - _PLACING
        ):
            refuse_one(print_path(path), say("the VRT names {name!r} in a way that is not read", name=name), ONLY_LISTS)
        found.append((path.parent / name if relative else Path(name), _read_listing(path, root, source)))
    others = (
        root.get("subClass")
        or root.find("MaskBand") is not None
        or any(one.get("subClass") or one.find("Offset") is not None or one.find("Scale") is not None for one in bands)
    )
    if others or len(bands) != 1 or not found:
        refuse_one(print_path(path), "this VRT is no list of files", ONLY_LISTS)
    return found


_PLAIN_SOURCES = {"SimpleSource", "ComplexSource"}
_PLACING = {"SourceFilename", "SourceBand", "SourceProperties", "SrcRect", "DstRect", "NODATA"}
"""What places a file in a VRT without changing its numbers."""


def _read_listing(path: Path, root: ET.Element, source: ET.Element) -> Listing:
    band = "VRTRasterBand/"
    numbers = (source.findtext("NODATA"), root.findtext(f"{band}NoDataValue"))
    nodata = tuple(found for one in numbers if one and (found := _read_number(one)) is not None)
    said = [_read_number(one) for one in (root.findtext("GeoTransform") or "").split(",")]
    rects = [source.find(name) for name in ("SrcRect", "DstRect")]
    offsets = [
        [_read_number(one.get(name, "0")) or 0.0 if one is not None else 0.0 for name in ("xOff", "yOff")] for one in rects
    ]
    corner = None
    if len(said) == _AFFINE and None not in said and source.find("SrcRect") is not None:
        left, right_step, _, top, _, down_step = (float(one or 0) for one in said)
        (from_x, from_y), (to_x, to_y) = offsets
        corner = (left + (to_x - from_x) * right_step, top + (to_y - from_y) * down_step, right_step, down_step)
    return Listing(path, root.findtext("SRS") or "", corner, nodata, (root.findtext(f"{band}UnitType") or "").strip())


_AFFINE = 6


def _read_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
