"""One page in two forms: printed, or one HTML file that works anywhere; each with the shipped font."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def draw_page(render: Callable[[str], str], *, pdf: bool, variant: str = "pdf", templates: Path | None = None) -> bytes:
    """Return the bytes of a PDF, or of an HTML file with the glyphs that it needs inside.

    Parameters
    ----------
    render    : the page with the given `@font-face` rules
    variant   : one of gep.reports.forms.pdf.VARIANTS
    templates : fonts of one's own

    Raises
    ------
    Problems : a font that is missing
    """
    if pdf:
        from gep.reports.forms.pdf import make_font_faces, render_pdf

        return render_pdf(render(make_font_faces(templates)), variant, templates)
    from gep.reports.forms.webfont import make_inline_faces

    return render(make_inline_faces(render(""))).encode()
