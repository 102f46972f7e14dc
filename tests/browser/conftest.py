"""One Chromium for each worker, one town for each test."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from engine.clock import ManualClock
from stegvis import open_installation
from tests.browser.person import Person
from tests.browser.town import MONDAY, Town, served

HERE = Path(__file__).parent
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
BUILT = HERE.parent.parent / "forms" / "static" / "dist" / "editor.js"
WIDE = {"width": 1280, "height": 900}

expect.set_options(timeout=10_000)


def chromium_path() -> str | None:
    """Chromium from STEGVIS_CHROMIUM, or by its usual names."""
    return os.environ.get("STEGVIS_CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), None)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A real Chromium."""
    path = chromium_path()
    if path is None:
        pytest.skip("NO BROWSER TESTS: Chromium was not found (apt install chromium, or set STEGVIS_CHROMIUM)")
    assert BUILT.exists(), "The front end's bundles are missing: run scripts/setup test"
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the family published."""
    path = tmp_path_factory.mktemp("browser") / "published.sqlite"
    open_installation(f"sqlite:///{path}", clock=ManualClock(MONDAY)).engine.close()
    return path


@pytest.fixture
def town(published: Path, tmp_path: Path) -> Iterator[Town]:
    """A town of the test's own."""
    database = Path(shutil.copy(published, tmp_path / "town.sqlite"))
    with served(database, tmp_path) as running:
        yield running


@pytest.fixture
def faults() -> Iterator[list[str]]:
    """What the pages' scripts complained of; nothing is expected of them."""
    told: list[str] = []
    yield told
    assert told == []


@pytest.fixture
def visit(browser: Browser, town: Town, faults: list[str]) -> Iterator[Callable[..., Person]]:
    """Sits a person down at a browser of their own: `visit("Hanna Lindroth")`, `visit("Petra Wall", width=390)`."""
    contexts: list[BrowserContext] = []

    def sit_down(name: str | None = None, *, width: int = 1280) -> Person:
        context = browser.new_context(
            viewport={**WIDE, "width": width}, locale="sv-SE", base_url=town.address, reduced_motion="reduce"
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        _listen(page, faults)
        person = Person(page, town)
        if name is not None:
            person.log_in(name)
        return person

    yield sit_down
    for context in contexts:
        context.close()


def _listen(page: Page, faults: list[str]) -> None:
    page.on("pageerror", lambda error: faults.append(str(error)))
    # A refused request (409, 422 ...) is told by the browser itself and is no fault of the page.
    page.on(
        "console",
        lambda message: (
            faults.append(message.text)
            if message.type == "error" and "Failed to load resource" not in message.text
            else None
        ),
    )
