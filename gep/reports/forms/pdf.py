"""A report as PDF: tagged, with language and embedded fonts, the same bytes for the same run. The frontier to WeasyPrint."""

from __future__ import annotations

import gc
import hashlib
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlparse

from gep.messages.problems import Problem, Problems
from gep.messages.texts import say
from gep.paths import TEMPLATES
from gep.reports.forms.glyphs import find_own_fonts, spell_characters

if TYPE_CHECKING:
    from collections.abc import Iterator

VARIANTS = ("pdf", "pdf/ua-1", "pdf/a-2u", "pdf/a-3u", "pdf/a-2a", "pdf/a-3a")
"""What `--pdf-variant` takes; `pdf` is a tagged PDF 1.7 that claims no profile."""
OWN = "Report Own"
"""What pages call the fonts of the user's own."""
FONT_FILES = {400: "NotoSansSC-Regular.ttf", 700: "NotoSansSC-Bold.ttf"}


def make_font_faces(templates: Path | None = None) -> str:
    """Return the rules by which pages find the shipped font, and the fonts in a folder of templates after it.

    Raises
    ------
    Problems : a font file is missing
    """
    missing = [name for name in FONT_FILES.values() if not (TEMPLATES / "fonts" / name).exists()]
    if missing:
        raise Problems(
            [
                Problem(
                    str(TEMPLATES / "fonts" / name),
                    0,
                    "the font of the reports is missing",
                    "the file as shipped",
                    "install the package again",
                )
                for name in missing
            ]
        )
    files = [("Report", TEMPLATES / "fonts" / name, weight) for weight, name in FONT_FILES.items()]
    files += [(OWN, path.resolve(), 400) for path in find_own_fonts(templates)]
    return "".join(
        f'@font-face {{ font-family: "{family}"; src: url("{path.as_uri()}"); font-weight: {weight}; }}\n'
        for family, path, weight in files
    )


def render_pdf(page: str, variant: str = "pdf", templates: Path | None = None) -> bytes:
    """Return a page as PDF.

    Parameters
    ----------
    page      : HTML with the rules of `make_font_faces`
    variant   : one of VARIANTS
    templates : folder that the page may load files from, beside the shipped templates

    Raises
    ------
    Problems : the page asks for a file that it may not load
    """
    from weasyprint import HTML

    options: dict[str, Any] = {"pdf_tags": True} if variant == "pdf" else {"pdf_variant": variant}
    base = (templates or TEMPLATES).resolve()
    loader = make_fetcher(templates)
    page = spell_characters(page, templates)
    with pause_collection():
        content: bytes = HTML(string=page, base_url=f"{base.as_uri()}/", url_fetcher=loader).write_pdf(
            finisher=_scoped, pdf_identifier=hashlib.sha256(page.encode()).digest()[:16], **options
        )
    if loader.refused:
        raise Problems(
            [
                Problem("--templates", 0, say("the report may not load {url}", url=url[:80]), "files of the folder of templates")
                for url in dict.fromkeys(loader.refused)
            ]
        )
    return content


def make_fetcher(templates: Path | None) -> Any:
    """Return the loader that gives WeasyPrint pictures inside the page and files of the template folders, and nothing else.

    It refuses any other address with ValueError and lists it in its `refused`.
    """
    from weasyprint.urls import URLFetcher

    allowed = [folder.resolve() for folder in (TEMPLATES, templates) if folder is not None]

    class Limited(URLFetcher):  # type: ignore[misc]
        """Loads what is allowed and keeps what was refused."""

        def __init__(self) -> None:
            super().__init__(allowed_protocols=["file", "data"])
            self.refused: list[str] = []

        def fetch(self, url: str, headers: Any = None) -> Any:
            parts = urlparse(url)
            picture = parts.scheme == "data" and parts.path.startswith(("image/png", "image/jpeg", "image/svg+xml"))
            path = Path(unquote(parts.path)).resolve() if parts.scheme == "file" else None
            if not picture and (path is None or not any(path.is_relative_to(folder) for folder in allowed)):
                self.refused.append(url)
                message = f"the report may not load {url[:80]}"
                raise ValueError(message)
            return super().fetch(url if path is None else path.as_uri(), headers)

    return Limited()


def _scoped(_: Any, made: Any) -> None:
    """Say of every head of a table whether it heads a column or a row; the renderer only says which cells it heads."""
    numbered = made.objects
    for one in numbered:
        if isinstance(one, dict) and one.get("S") == "/TH":
            row = numbered[int(one["P"].split()[0])]
            group = numbered[int(row["P"].split()[0])]
            one["A"]["Scope"] = "/Row" if group.get("S") == "/TBody" else "/Column"


@contextmanager
def pause_collection() -> Iterator[None]:
    """Put off garbage collection: a tenth of the time of a layout goes into it."""
    on = gc.isenabled()
    gc.disable()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)  # WeasyPrint leaves its colour profile open
        try:
            yield
        finally:
            if on:
                gc.enable()
            gc.collect(0)  # what was made meanwhile, not all that the process holds
