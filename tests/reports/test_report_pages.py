"""Two pages of a report against kept pictures. GEP_KEEP_PAGES=1 keeps new ones; look at them before committing."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

import numpy as np
import pypdfium2
import pytest
from conftest import ROOT
from PIL import Image

from gep.reports.writing import write_report
from gep.store.keys import AccountKey
from gep.store.store import Store

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

PAGES = ROOT / "tests" / "kept" / "pages"
DOTS = 50
CHANGED, SHARE = 48, 0.01
"""A point is changed when it is off by this much of 255; this share of points may be."""


@pytest.fixture(scope="module")
def pages(jinxi_2020: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, NDArray[np.uint8]]:
    folder = tmp_path_factory.mktemp("pages")
    with Store(jinxi_2020) as connection:
        write_report(connection, AccountKey(1, 0, "", 0, ""), folder / "x.pdf")
    found: dict[str, NDArray[np.uint8]] = {}
    with pypdfium2.PdfDocument(folder / "x.pdf") as document:
        for at in range(2, len(document)):
            page = document[at]
            text = re.sub(r"\s+", "", page.get_textpage().get_text_bounded())
            for name, heading in (("summary", "1摘要"), ("indices", "8指标")):
                if heading in text.replace("目录", "") and name not in found:
                    found[name] = np.asarray(page.render(scale=DOTS / 72).to_pil().convert("L"))
    return found


@pytest.mark.parametrize("name", ["summary", "indices"])
def test_a_page_looks_as_it_did(pages: dict[str, NDArray[np.uint8]], name: str, tmp_path: Path) -> None:
    path = PAGES / f"{name}.png"
    if os.environ.get("GEP_KEEP_PAGES"):
        Image.fromarray(pages[name]).save(path, optimize=True)
    kept = np.asarray(Image.open(path).convert("L"))
    shown = pages[name]
    assert shown.shape == kept.shape
    Image.fromarray(shown).save(tmp_path / f"{name}.png")
    off = np.abs(shown.astype(int) - kept.astype(int)) > CHANGED
    assert off.mean() < SHARE, f"{off.mean():.1%} of the points differ; the page is in {tmp_path}"


def test_the_comparison_sees_a_moved_line(pages: dict[str, NDArray[np.uint8]]) -> None:
    kept = np.asarray(Image.open(PAGES / "summary.png").convert("L"))
    moved = np.roll(kept, 6, axis=0)
    assert (np.abs(moved.astype(int) - kept.astype(int)) > CHANGED).mean() > SHARE
    assert set(pages) == {"summary", "indices"}
