"""A real browser and a real server of one's own, for those who test what people see and do."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from platform_site import PASSWORD
from playwright.sync_api import Browser, Page, sync_playwright

from gep.office.database import Office
from gep.web.app import make_app

CHROMIUM = next((path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), "chromium")
"""Installed by `make test`; without it these tests fail."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Open Debian's Chromium."""
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield opened
        opened.close()


@contextmanager
def serve_copy(kept_site: Path, folder: Path) -> Iterator[tuple[str, Office]]:
    """Serve a copy of a store on a free port; its address and its office."""
    for file in kept_site.glob("gep.*"):
        shutil.copy(file, folder)
    app = make_app(folder / "gep.duckdb")
    server = uvicorn.Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_level="error"))
    listening = server.config.bind_socket()
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}", app.state.site.office
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def log_in(browser: Browser, url: str, name: str, onward: str) -> Page:
    """Open a browser of one's own, log in and go to a page; what is wrong in its scripts fails the test."""
    page = browser.new_context(viewport={"width": 1366, "height": 768}, locale="zh-CN").new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda one: faults.append(one.text) if "Content Security Policy" in one.text else None)
    page.goto(f"{url}/login")
    page.fill("[name=name]", name)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.goto(f"{url}{onward}")
    assert faults == []
    return page
