"""Strict Open XML: the same workbook under other names of its vocabularies, which are put back to those that every reader knows."""

from __future__ import annotations

import io
import zipfile

_STRICT = b"http://purl.oclc.org/ooxml/"
_NAMES = (
    (b"http://purl.oclc.org/ooxml/spreadsheetml/main", b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"),
    (b"http://purl.oclc.org/ooxml/drawingml/", b"http://schemas.openxmlformats.org/drawingml/2006/"),
    (b"http://purl.oclc.org/ooxml/officeDocument/", b"http://schemas.openxmlformats.org/officeDocument/2006/"),
)


def make_transitional(content: bytes) -> bytes:
    """Return the bytes of a workbook that every reader knows: as they are, or of Strict Open XML with its vocabularies renamed.

    Parameters
    ----------
    content : of a workbook that may be opened
    """
    with zipfile.ZipFile(io.BytesIO(content)) as old:
        if _STRICT not in old.read("xl/workbook.xml"):
            return content
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
            for name in old.namelist():
                new.writestr(name, _rename(old.read(name)) if name.endswith((".xml", ".rels")) else old.read(name))
    return made.getvalue()


def _rename(text: bytes) -> bytes:
    for strict, known in _NAMES:
        text = text.replace(strict, known)
    return text.replace(b' conformance="strict"', b"")
