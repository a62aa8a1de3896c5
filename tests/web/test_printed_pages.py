"""What people print from the browser: every page of the platform on A4, measured like a report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from browser_site import CHROMIUM, log_in, open_browser, serve_copy
from conftest import Program
from measuring import measure_pdf

from gep.files.page import render_page
from gep.standards.standard import load_standard

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

pytestmark = pytest.mark.skipif(not Path(CHROMIUM).exists(), reason="there is no Chromium on this machine")
MARGIN = 10
"""Millimetres of white that a browser leaves when nobody says otherwise."""
PRINTED: dict[str, Any] = {
    "format": "A4",
    "prefer_css_page_size": True,
    "margin": dict.fromkeys(("top", "right", "bottom", "left"), f"{MARGIN}mm"),
}
PAGES = {
    "wang": (
        "/361027/2022/result",
        "/361027/2022/trace/water_conservation",
        "/361027/2022/review",
        "/361027/compare?kind=standards",
        "/province/361000",
        "/knowledge/coefficients/runoff_coefficient",
    ),
    "zhang": ("/361027/2022/findings", "/361027/2022/form/气象局", "/361027/2022/survey"),
    "admin": ("/journal",),
    "qian": ("/money", "/money/matrix", "/money/answer?question=1"),
}
"""Pages that people print, one of each kind of table."""
IN_ENGLISH = ("/361027/2022/trace/water_conservation", "/money")


@pytest.fixture(scope="module")
def site(kept_site: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serve_copy(kept_site, tmp_path_factory.mktemp("printed")) as (url, _):
        yield url


def print_page(page: Page) -> list[str]:
    """What is wrong with what a browser prints of the page it shows."""
    return measure_pdf(page.pdf(**PRINTED), MARGIN)


def test_pages_of_the_platform_on_paper(site: str) -> None:
    """All in Chinese, where narrow columns break words; the widest in English."""
    wrong: list[str] = []
    with open_browser() as browser:
        for person, addresses in PAGES.items():
            page = log_in(browser, site, person, "/")
            for address in addresses:
                for lang in ("zh", "en") if address in IN_ENGLISH else ("zh",):
                    page.goto(f"{site}{address}{'&' if '?' in address else '?'}lang={lang}")
                    wrong += [f"{person} {address} {lang}: {one}" for one in print_page(page)]
    assert not wrong, "\n" + "\n".join(wrong)


def test_pages_that_commands_write_on_paper(jinxi: Path, tmp_path: Path) -> None:
    """The trace in both languages, and the page of a map with as many services as a table can have."""
    for lang in ("zh", "en"):
        target = ("--format", "html", "-o", str(tmp_path / f"trace-{lang}.html"))
        Program("")("trace", "361027", "2022", "--store", str(jinxi), "--lang", lang, *target)
    titles = [
        "水源涵养量",
        "土壤保持量",
        "减少泥沙淤积价值",
        "固碳量",
        "释氧量",
        "洪水调蓄量",
        "空气净化量（二氧化硫）",
        "气候调节价值",
    ]
    content = {
        "place": "江西省",
        "year": 2019,
        "standard": load_standard("ndrc-2022"),
        "totals": [(one, "82,834,123,456.78", "m³/yr", "166,900.12", "1,234.56", "+0.000 %", "3") for one in titles],
        "pictures": [],
        "columns": [{"title": one, "unit": "亿m³/yr"} for one in titles],
        "zones": [(f"九江市柴桑区第{at}单元", ["12,345.68"] * len(titles)) for at in range(40)],
        "sources": ["来源" * 60],
    }
    (tmp_path / "map.html").write_text(render_page("province.html", **content), "utf-8")
    with open_browser() as browser:
        page = browser.new_page()
        for file in sorted(tmp_path.glob("*.html")):
            page.goto(file.as_uri())
            assert print_page(page) == [], file.name
