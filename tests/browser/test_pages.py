"""What every page owes its readers: no barrier that axe finds, no sideways scrolling, diagrams that are drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.drawing import Drawing
from tests.browser.person import Person
from tests.browser.town import Town

AXE = Path(__file__).parents[2] / "forms" / "web" / "node_modules" / "axe-core" / "axe.min.js"
RUN_AXE = """async () => {
  const { violations } = await axe.run({ exclude: [['.djs-container']] }, { resultTypes: ['violations'] });
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}"""
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= width) return [];
  return [...document.querySelectorAll('body *')]
    .filter((element) => element.getBoundingClientRect().right > width + 1)
    .slice(0, 5).map((element) => element.outerHTML.slice(0, 120));
}"""
Visit = Callable[..., Person]


@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_has_a_serious_barrier_or_scrolls_sideways(town: Town, visit: Visit, width: int) -> None:
    case_id = town.decide("Axel Axe")
    town.hand_over(case_id)
    other = town.decide("Axa Axe")
    task = town.item(other, "kartlagg_situationen").id
    problems: dict[str, list[str]] = {}

    def look(page: Page, address: str, ready: str) -> None:
        page.goto(address)
        expect(page.locator(ready).first).to_be_visible()
        problems[f"{address} barriers"] = barriers(page)
        if width < 500:
            problems[f"{address} overflow"] = page.evaluate(OVERFLOW)

    look(visit(width=width).page, "/logga-in", "h1")
    caseworker = visit("Hanna Lindroth", width=width).page
    look(caseworker, "/uppgifter", "h1")
    look(caseworker, f"/uppgifter/{task}", "form[data-draft]")
    caseworker.get_by_role("button", name="Slutför uppgiften").click()
    expect(caseworker.locator("[data-error-summary]")).to_be_visible()
    problems["a refused task"] = barriers(caseworker)
    look(caseworker, "/arenden", "h1")
    look(caseworker, f"/arenden/{case_id}", "[data-drawn]")
    owner = visit("Petra Wall", width=width).page
    look(owner, "/processer", "[data-drawn]")
    look(owner, "/processer/overlamning", "[data-drawn]")
    look(owner, "/parametrar", "table")
    look(owner, "/parametrar/beslut_arbetsdagar", "#varde")
    owner.get_by_role("button", name="Granska ändringen").click()
    expect(owner.locator("[data-error-summary]")).to_be_visible()
    problems["a refused change"] = barriers(owner)
    owner.get_by_role("textbox", name="Nytt värde").fill("9")
    owner.get_by_role("textbox", name="Skäl").fill("Fler handläggare")
    owner.get_by_role("button", name="Granska ändringen").click()
    expect(owner.get_by_role("heading", name="Pågående frister")).to_be_visible()
    problems["a change under review"] = barriers(owner)
    look(owner, "/processer/overlamning/redigera", "#editor[data-ready]")
    owner.locator('[data-action="publish"]').click()
    problems["the publish dialog"] = barriers(owner)

    assert {where: found for where, found in problems.items() if found} == {}


def test_a_case_shows_where_its_tokens_are(town: Town, visit: Visit) -> None:
    case_id = town.decide("Disa Diagram")
    caseworker = visit("Hanna Lindroth")
    caseworker.page.goto(f"/arenden/{case_id}")

    fold = caseworker.unfold("Kravets inträde")

    marked = fold.locator('.token-active[data-element-id="kartlagg_situationen"]')
    expect(marked).to_be_visible()
    expect(fold.locator(".bjs-powered-by")).to_be_visible()


def test_the_editor_shows_whose_work_it_builds_on_and_the_panel_speaks_swedish(visit: Visit) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")

    drawing.select("ta_emot_overlamning")

    expect(drawing.page.locator(".bjs-powered-by")).to_be_visible()
    expect(drawing.panel).to_contain_text("Användaruppgift")
    expect(drawing.panel).to_contain_text("Tilldelning")
    expect(drawing.page.locator('.djs-context-pad .entry[data-action="delete"]')).to_have_attribute("title", "Ta bort")


def barriers(page: Page) -> list[str]:
    """What axe finds serious or critical on a page."""
    page.evaluate(AXE.read_text("utf-8"))
    found: list[str] = page.evaluate(RUN_AXE)
    return found
