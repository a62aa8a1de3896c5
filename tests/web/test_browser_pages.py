"""Every page in a real browser: no foreign address, no console error, nothing against the policy, nothing that axe-core finds, nothing too wide."""

from __future__ import annotations

import socket
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from platform_site import PASSWORD, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

CHROMIUM = Path("/usr/bin/chromium")
AXE = Path(__file__).parent / "axe" / "axe.min.js"
PAGES = (
    "/361027/2022/result",
    "/361027/2022/trace/water_conservation",
    "/361027/2022/trace/soil_retention",
    "/review",
    "/361027/2022/uncertainty",
    "/361027/2022/scenario",
    "/361027/2022/assets",
    "/361027/2022/products",
    "/361027/2022/review",
    "/361027/compare?kind=years",
    "/361027/compare?kind=runs",
    "/361027/compare?kind=standards",
    "/361027/compare?kind=counties",
    "/province",
    "/province/361000",
    "/jobs",
    "/knowledge",
    "/knowledge/coefficients",
    "/knowledge/coefficients/runoff_coefficient",
    "/knowledge/variables?search=降水",
    "/knowledge/methods",
)
OTHERS = {
    "": ("/login", "/no-such-page"),
    "zhang": (
        "/",
        "/361027/2022",
        "/361027/2022/findings",
        "/tables",
        "/361027/2022/form/气象局",
        "/361027/2022/form/适用性",
        "/361027/2022/form/本地参数",
        "/361027/2022/form/气象局/history?variable=precipitation&member=全县",
        "/361027/2022/survey",
        "/361027/2022/products",
        "/password",
    ),
    "admin": ("/people", "/people/li", "/tokens", "/settings", "/backup", "/journal", "/knowledge/index"),
    "zhao": ("/", "/deadlines", "/province/360000"),
    "qian": ("/money", "/money/scheme/jx-basin-pool", "/money/matrix", "/money/answer?question=1"),
}
"""Pages of other people; nobody is logged in under the empty name."""
PRINTED = (
    ("wang", "/361027/2022/result"),
    ("wang", "/361027/2022/review"),
    ("wang", "/361027/2022/assets"),
    ("wang", "/province/361000"),
    ("wang", "/knowledge/coefficients/runoff_coefficient"),
    ("zhang", "/361027/2022/form/气象局"),
    ("zhang", "/361027/2022/survey"),
    ("qian", "/money"),
    ("qian", "/money/answer?question=1"),
    ("admin", "/settings"),
)
ELSEWHERE = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
"""No name of another machine is found."""
PAPER = {False: 703, True: 1032}
"""Width of A4 between its margins, upright and across (a page that says `wide`), in px of a browser."""
SIZES = ((1366, 768), (683, 384))
"""The screen of an office, and the same at 200 %."""

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason="there is no Chromium on this machine")


@pytest.fixture
def address(platform: Platform) -> Iterator[str]:
    """The address of a running platform."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(uvicorn.Config(platform.app, port=port, log_level="error", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(timeout=10)


def find_wrong(page: Any, name: str, *, looks: bool) -> list[str]:
    """Return where a page is too wide, and (`looks`) what axe-core finds in it."""
    wrong = []
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 1:
            wrong.append(f"{name} is {wide} px too wide at {width}")
    page.set_viewport_size({"width": 1366, "height": 768})
    if looks:
        page.evaluate(AXE.read_text("utf-8"))
        found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
        assert found["passes"], name
        wrong += [f"{name} {one['id']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})" for one in found["violations"]]
    return wrong


def test_every_page_as_a_browser_sees_it(address: str) -> None:
    from playwright.sync_api import sync_playwright

    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox", ELSEWHERE])
        context = browser.new_context(viewport={"width": 1366, "height": 768}, bypass_csp=False)
        page = context.new_page()
        here = {"url": ""}
        page.on(
            "console",
            lambda one: (
                wrong.append(f"{here['url']} console: {one.text}")
                if one.type in {"error", "warning"} and "404" not in one.text
                else None
            ),
        )
        page.on("pageerror", lambda one: wrong.append(f"{here['url']} error: {one}"))

        def only_ours(request: Any) -> None:
            if not request.url.startswith((address, "data:")):
                wrong.append(f"{here['url']} asks {request.url}")

        page.on("request", only_ours)  # watched and not stopped: where requests are stopped, the browser keeps no file of ours
        for person, pages in {"wang": PAGES, **OTHERS}.items():
            context.clear_cookies()
            if person:
                page.goto(f"{address}/login")
                page.fill("[name=name]", person)
                page.fill("[name=password]", PASSWORD)
                page.click("main button")
            for lang in ("zh", "en"):
                for url in pages:
                    here["url"] = f"{lang} {person} {url}"
                    mark = "&" if "?" in url else "?"
                    answer = page.goto(f"{address}{url}{mark}lang={lang}", wait_until="load")
                    assert answer is not None
                    assert answer.status == (404 if "no-such" in url else 200), url
                    wrong += find_wrong(page, here["url"], looks=lang == "zh")
        context.clear_cookies()
        page.goto(f"{address}/login")
        page.fill("[name=name]", "wang")
        page.fill("[name=password]", PASSWORD)
        page.click("main button")
        for person, url in PRINTED:
            if person != "wang":
                context.clear_cookies()
                page.emulate_media(media="screen")
                page.goto(f"{address}/login")
                page.fill("[name=name]", person)
                page.fill("[name=password]", PASSWORD)
                page.click("main button")
            page.emulate_media(media="print")
            page.goto(f"{address}{url}")
            wide = page.evaluate("document.body.classList.contains('wide')")
            page.set_viewport_size({"width": PAPER[wide], "height": 768})
            shown = page.evaluate("[...document.querySelectorAll('nav, button')].filter(one => one.offsetParent !== null).length")
            if shown:
                wrong.append(f"{url}: {shown} controls are printed")
            over = page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if over > 0:
                wrong.append(f"{url}: {over} px do not fit the paper")
            head = page.evaluate("document.querySelector('.printed').dataset.head")
            if "打印于 20" not in head or ("361027" in url and "2022" not in head):
                wrong.append(f"{url}: the head of the paper is {head!r}")
        browser.close()
    assert not wrong, "\n".join(dict.fromkeys(wrong))
