"""Takes the README's pictures (docs/pictures/*.png) of a demo seeded in a folder of its own, with Chromium."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright
from waitress import create_server

from engine.clock import LOCAL_ZONE, ManualClock
from engine.engine import Engine
from engine.store.rows import Paging
from engine.store.states import InstanceState
from forms.app import create_app
from forms.settings import Settings
from processes.aktivitetskrav.autopilot.seeding import seed
from processes.family import find_families
from stegvis import open_installation
from timers.calendar import WorkingCalendar

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
NOON = datetime(2026, 11, 23, 10, 0, tzinfo=LOCAL_ZONE)
"""The pictures' moment: the same seed at the same time gives the same pictures."""
WIDE, NARROW = (1280, 860), (390, 780)


@dataclass(frozen=True)
class Demo:
    """What is photographed."""

    address: str
    case_id: str


def main() -> None:
    """Seed, serve, photograph."""
    chromium = os.environ.get("STEGVIS_CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("Chromium was not found (apt install chromium, or set STEGVIS_CHROMIUM)")
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, _demo(Path(folder)) as demo, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        _inbox_and_task(browser, demo.address)
        _narrow_inbox(browser, demo.address)
        _case(browser, demo)
        _editor(browser, demo.address)
        browser.close()


@contextmanager
def _demo(folder: Path) -> Iterator[Demo]:
    url = f"sqlite:///{folder / 'demo.sqlite'}"
    families = find_families()
    roles = families.roles
    seed(
        lambda clock: open_installation(url, clock=clock).engine,
        roles,
        WorkingCalendar(families.calendar),
        cases=60,
        months=6,
        seed=1,
        until=NOON,
        progress=lambda step: None,
    )
    room = open_installation(url, clock=ManualClock(NOON))
    with room.engine:
        app = create_app(room.engine, roles, Settings(secret_key=secrets.token_urlsafe(32)), calendar=room.calendar)
        server = create_server(app, host="127.0.0.1", port=0, threads=8)
        thread = threading.Thread(target=server.run, daemon=True)
        thread.start()
        yield Demo(f"http://127.0.0.1:{server.effective_port}", _case_with_a_plan(room.engine))
        server.close()
        thread.join(timeout=10)


def _sit_down(browser: Browser, address: str, name: str, size: tuple[int, int] = WIDE) -> Page:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, locale="sv-SE", base_url=address, reduced_motion="reduce"
    )
    page = context.new_page()
    page.goto("/logga-in")
    page.get_by_role("button", name=name).click()
    page.wait_for_load_state()
    return page


def _inbox_and_task(browser: Browser, address: str) -> None:
    page = _sit_down(browser, address, "Hanna Lindroth")
    page.goto("/uppgifter")
    _shoot(page, "inbox")
    page.goto("/uppgifter?vy=grupp")
    page.get_by_role("main").locator("a[href*='/uppgifter/']").first.click()
    page.wait_for_selector("form[data-draft]")
    _shoot(page, "task")


def _narrow_inbox(browser: Browser, address: str) -> None:
    page = _sit_down(browser, address, "Hanna Lindroth", NARROW)
    page.goto("/uppgifter")
    _shoot(page, "inbox-narrow")


def _case_with_a_plan(engine: Engine) -> str:
    """A case where several processes have run and somebody has something to do."""
    running = engine.queries.find_instances(process_id="plan", state=InstanceState.ACTIVE, paging=Paging(1, 1))
    case_id = running.items[0].case_id
    assert case_id is not None
    return case_id


def _case(browser: Browser, demo: Demo) -> None:
    page = _sit_down(browser, demo.address, "Eva Norling", (1280, 1080))
    page.goto(f"/arenden/{demo.case_id}")
    page.wait_for_selector("[data-drawn] svg")
    page.wait_for_load_state("networkidle")
    _shoot(page, "case")


def _editor(browser: Browser, address: str) -> None:
    page = _sit_down(browser, address, "Petra Wall")
    page.goto("/processer/overlamning/redigera")
    page.wait_for_selector("#editor[data-ready]")
    page.locator('.djs-element[data-element-id="ta_emot_overlamning"] > .djs-hit').first.click(
        force=True, position={"x": 3, "y": 3}
    )
    page.locator('[data-group-id="group-assignmentDefinition"] .bio-properties-panel-group-header-title').click()
    field = page.locator('[data-entry-id="taskScheduleDueDate"] .cm-content')
    field.click()
    page.keyboard.press("Control+a")
    page.keyboard.insert_text('add working days(today(), parameter("mottagande_arbetsdagar")')
    page.keyboard.press("Escape")
    page.wait_for_selector(".finding-badge--error")
    page.locator(".finding button").first.click()
    _shoot(page, "editor")


def _shoot(page: Page, name: str) -> None:
    path = PICTURES / f"{name}.png"
    page.evaluate("document.activeElement?.blur()")
    path.write_bytes(page.screenshot(animations="disabled"))
    print(f"{path.relative_to(PICTURES.parents[1])}: {path.stat().st_size // 1024} kB")  # noqa: T201


if __name__ == "__main__":
    main()
