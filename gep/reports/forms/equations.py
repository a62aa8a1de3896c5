"""Makes formulas Word's own mathematics (OMML), which offices can edit, from the HTML of the formula printer."""

from __future__ import annotations

from typing import Any

from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn

FONT = "Cambria Math"


def make_omml(html: str) -> Any:
    """Return a formula as an `m:oMath` element.

    Parameters
    ----------
    html : what `gep.formula.show.show_html_equation` made: `i`, `sub`, `sup`, fractions and text
    """
    found = OxmlElement("m:oMath")
    for part in _parts(parse_xml(html)):
        found.append(part)
    return found


def _parts(element: Any) -> list[Any]:
    """Return what stands in an element, each index bound to what stands before it."""
    found = _letters(element.text, plain=True)
    for child in element:
        match child.tag, child.get("class"):
            case ("sub" | "sup") as tag, _:
                found = _indexed(found, tag, child)
            case "i", _:
                found += _letters("".join(child.itertext()), plain=False)
            case "span", "frac":
                above, below = child
                found.append(_box("m:f", ("m:num", _parts(above)), ("m:den", _parts(below))))
            case _:
                found += _parts(child)
        found += _letters(child.tail, plain=True)
    return found


def _indexed(before: list[Any], tag: str, index: Any) -> list[Any]:
    """Return parts whose last has an index; of a text only its last letter is what the index belongs to."""
    if not before:
        return _parts(index)
    base = before[-1]
    rest = before[:-1]
    letters = base.find(qn("m:t"))
    if letters is not None and base.find(qn("m:rPr")) is not None and len(letters.text) > 1:
        rest = [*rest, *_letters(letters.text[:-1], plain=True)]
        base = _letters(letters.text[-1:], plain=True)[0]
    return [*rest, _box("m:sSub" if tag == "sub" else "m:sSup", ("m:e", [base]), (f"m:{tag}", _parts(index)))]


def _box(tag: str, *inside: tuple[str, list[Any]]) -> Any:
    found = OxmlElement(tag)
    for name, parts in inside:
        one = OxmlElement(name)
        for part in parts:
            one.append(part)
        found.append(one)
    return found


def _letters(text: str | None, *, plain: bool) -> list[Any]:
    """Return a run of letters, upright where they are words and signs, slanted where they are symbols."""
    if not text:
        return []
    run = OxmlElement("m:r")
    if plain:
        style = OxmlElement("m:sty")
        style.set(qn("m:val"), "p")
        properties = OxmlElement("m:rPr")
        properties.append(style)
        run.append(properties)
    fonts = OxmlElement("w:rFonts")
    for side in ("w:ascii", "w:hAnsi"):
        fonts.set(qn(side), FONT)
    face = OxmlElement("w:rPr")
    face.append(fonts)
    run.append(face)
    letters = OxmlElement("m:t")
    letters.set(qn("xml:space"), "preserve")
    letters.text = text
    run.append(letters)
    return [run]
