"""What belongs to no case is registered in the browser too: an agreement with a provider is ended, once confirmed."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from engine.protocols import Actor
from processes.aktivitetskrav.steps.usual import usual_answers
from tests.browser.person import Person
from tests.browser.test_pages import OVERFLOW, barriers
from tests.browser.town import Town

PROVIDER = "Bageriet Kanelbullen"
EVENT = f"Avtalet sägs upp: {PROVIDER}"
APPROVAL = {
    "utforare_avtal": ("mattias", {"utforareNamn": PROVIDER}),
    "utforare_krav": ("kerstin", {"kravUppfyllda": "ja"}),
    "utforare_godkannande": ("charlotte", {"utforareBeslut": "godkanns"}),
}


def approve(town: Town) -> None:
    """A provider's agreement that has begun."""
    town.engine.start("utforare", actor=Actor("mattias", "Mattias Ek"))
    for form, (who, answers) in APPROVAL.items():
        town.settle()
        (item,) = [each for each in town.engine.queries.open_items() if each.form_id == form]
        town.complete(item, who, {**usual_answers(form, town.today()), **answers})
    town.settle()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_matcher_ends_an_agreement_and_the_chief_has_to_decide(
    town: Town, visit: Callable[..., Person], width: int
) -> None:
    # given
    approve(town)
    matcher = visit("Mattias Ek", width=width).page
    matcher.goto("/processer/utforare")
    # when
    matcher.get_by_role("link", name=EVENT).click()
    matcher.get_by_label("Avtalet upphör").fill("2026-12-31")
    matcher.get_by_label("Varför?").fill("Bageriet stänger vid årsskiftet.")
    matcher.locator(".form-foot").get_by_role("button", name="Registrera").click()
    # then it is asked first, in words, and the answers can still be changed
    expect(matcher.get_by_role("heading", level=1)).to_have_text("Bekräfta: Avtalet sägs upp")
    expect(matcher.get_by_role("main")).to_contain_text("Bageriet stänger vid årsskiftet.")
    assert barriers(matcher) == []
    assert matcher.evaluate(OVERFLOW) == []
    matcher.get_by_role("button", name="Ändra svaren").click()
    expect(matcher.get_by_label("Varför?")).to_have_value("Bageriet stänger vid årsskiftet.")
    assert "Besluta om avtalet" not in [item.name for item in town.engine.queries.open_items()]
    # and when it is confirmed
    matcher.locator(".form-foot").get_by_role("button", name="Registrera").click()
    matcher.get_by_role("button", name="Ja, registrera").click()
    # then
    expect(matcher.get_by_role("heading", level=1)).to_have_text("Utförare")
    assert matcher.get_by_role("link", name=EVENT).count() == 0
    assert visit("Charlotte Öberg").sees_task("Besluta om avtalet")
