"""The main story: from decisions to the caseworker, the adviser, and the manager when nobody acts."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from playwright.sync_api import expect

from tests.browser.answers import TO_THE_ADVISER
from tests.browser.person import Person
from tests.browser.town import Town

ACCEPT, ESCALATION = "Ta emot överlämning", "Säkra att uppgiften görs"


def test_a_case_goes_from_decisions_to_the_adviser_and_is_escalated_when_nobody_acts(
    town: Town, visit: Callable[..., Person]
) -> None:
    # given three support months in a row, which start the requirement
    case_id = town.decide("Alma Testsson")
    adviser = visit("Karim Falk")
    assert not adviser.sees_task(ACCEPT)

    # when the caseworker does the tasks in the browser
    caseworker = visit("Hanna Lindroth")
    for task, answers in TO_THE_ADVISER.items():
        caseworker.do(task, **answers)

    # then the case lies in the adviser's inbox, and only there
    assert adviser.sees_task(ACCEPT)
    assert not caseworker.sees_task(ACCEPT)
    adviser.open_task(ACCEPT)
    expect(adviser.page.get_by_role("main")).to_contain_text("Om uppgiften")
    manager = visit("Charlotte Öberg")
    assert not manager.sees_task(ESCALATION)

    # when the deadline passes and nobody has acted
    due = town.item(case_id, "ta_emot_overlamning").due_at
    assert due is not None
    town.pass_time(due - town.clock.now() + timedelta(days=6))

    # then the manager has the escalation, and the original task says so
    assert manager.sees_task(ESCALATION)
    manager.open_task(ESCALATION)
    expect(manager.page.get_by_role("main")).to_contain_text("Det här är en eskalering av")
    manager.page.get_by_role("link", name=ACCEPT).click()
    expect(manager.page.get_by_role("main")).to_contain_text("Eskalerad.")
    adviser.page.goto("/uppgifter")
    expect(adviser.page.get_by_role("main")).to_contain_text("Eskalerad")
    assert town.engine.verify() == []
