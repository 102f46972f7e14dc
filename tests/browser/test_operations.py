"""The pages of those who run it in a real browser: no barrier, no sideways scrolling, and usable by keyboard alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.bulk_retry import latest_bulks
from tests.bpmn_builder import CHOICE
from tests.browser.person import Person
from tests.browser.test_pages import OVERFLOW, barriers
from tests.browser.town import Town

Visit = Callable[..., Person]


def stop(town: Town, count: int) -> None:
    """Let so many instances stop at a gateway whose condition has no variable."""
    town.engine.publish({"prov/val.bpmn": CHOICE}, author="Petra Wall", note="Vägval")
    for _ in range(count):
        town.engine.start("val")


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_the_room_has_a_serious_barrier_or_scrolls_sideways(town: Town, visit: Visit, width: int) -> None:
    stop(town, 2)
    town.decide("Axel Axe")
    page = visit("Anton Skog", width=width).page
    problems: dict[str, list[str]] = {}

    def look() -> None:
        expect(page.locator("h1")).to_be_visible()
        where = page.url.removeprefix(town.address)
        problems[f"{where} barriers"] = barriers(page)
        problems[f"{where} overflow"] = page.evaluate(OVERFLOW)

    for part in ("", "/jobb", "/tidur?dagar=7", "/vantar-lange", "/aterkommande", "/utgavor", "/flode", "/incidenter"):
        page.goto(f"/drift{part}")
        look()
    page.locator("main table a.row-title").first.click()
    look()
    page.locator('main a[href*="/incident/"]').first.click()
    look()
    page.locator('main a[href*="/instans/"]').first.click()
    look()
    page.goto("/drift/aterkommande/kontroll/kor")
    look()

    assert {where: found for where, found in problems.items() if found} == {}


def test_a_cause_is_tried_again_by_keyboard_alone_and_goes_on_to_its_end(town: Town, visit: Visit) -> None:
    stop(town, 120)
    page = visit("Anton Skog").page
    page.goto("/drift/incidenter")

    _press(page, page.get_by_role("link", name="Kör om alla"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Köra om 120 incidenter?")
    _press(page, page.get_by_role("button", name="Kör om alla"))

    expect(page.get_by_role("heading", name="Klar", exact=True)).to_be_visible()
    (bulk,) = latest_bulks(town.engine)
    assert (bulk.total, bulk.retried, bulk.refused) == (120, 120, 0)
    assert bulk.finished_at is not None


def _press(page: Page, target: Locator) -> None:
    """Reach a link or button by the tab key, and press it."""
    page.locator("main").focus()
    for _ in range(60):
        page.keyboard.press("Tab")
        if target.evaluate("element => element === document.activeElement"):
            page.keyboard.press("Enter")
            return
    raise AssertionError(f"{target} cannot be reached by keyboard")
