"""Completing a task once, whatever the hands do: two clicks, two tabs, a session that ended."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import expect

from tests.browser.answers import MAPPING
from tests.browser.person import Person
from tests.browser.town import Town

TASK, ELEMENT = "Kartlägg situationen", "kartlagg_situationen"
COMPLETIONS = "SELECT count(*) FROM work_item WHERE case_id = :case AND element_id = :element AND state = 'completed'"
Visit = Callable[..., Person]


def test_a_double_click_completes_once(town: Town, visit: Visit) -> None:
    case_id = town.decide("Dora Dubbel")
    person = visit("Hanna Lindroth")
    person.open_task(TASK)
    person.answer(**MAPPING)

    person.page.get_by_role("button", name="Slutför uppgiften").dblclick()

    expect(person.page.locator(".notice-ok").first).to_be_visible()
    town.settle()
    assert town.scalar(COMPLETIONS, case=case_id, element=ELEMENT) == 1
    town.item(case_id, "bedom_omfattning")


def test_the_second_tab_is_told_that_the_task_is_done_and_changes_nothing(town: Town, visit: Visit) -> None:
    case_id = town.decide("Tore Tvåflik")
    person = visit("Hanna Lindroth")
    person.open_task(TASK)
    second = person.page.context.new_page()
    second.goto(person.page.url)
    person.answer(**MAPPING)
    person.complete()

    second.locator('[name="f.hinder"]').select_option("sjukskriven")
    second.locator('[name="f.sjukskriven"][value="nej"]').check()
    with second.expect_response(
        lambda response: response.request.method == "POST" and "utkast" not in response.url
    ) as sent:
        second.get_by_role("button", name="Slutför uppgiften").click()

    assert sent.value.status == 409
    expect(second.get_by_role("main")).to_contain_text("Hanna Lindroth")
    assert town.scalar(COMPLETIONS, case=case_id, element=ELEMENT) == 1


def test_an_ended_session_brings_people_back_to_the_task_with_what_they_wrote(town: Town, visit: Visit) -> None:
    town.decide("Siv Session")
    person = visit("Hanna Lindroth")
    person.open_task(TASK)
    address = person.page.url
    # No draft reaches the server: what is kept is what travelled with the refused answers.
    person.page.route("**/utkast", lambda route: route.abort())
    person.answer(**MAPPING, kartlaggningAnteckning="Ringde i dag, söker arbete.")
    person.page.context.clear_cookies()

    person.page.get_by_role("button", name="Slutför uppgiften").click()
    expect(person.page.get_by_text("Din session har gått ut.")).to_be_visible()
    person.page.get_by_role("button", name="Hanna Lindroth").click()

    expect(person.page).to_have_url(address)
    expect(person.page.locator('[name="f.kartlaggningAnteckning"]')).to_have_value("Ringde i dag, söker arbete.")
    expect(person.page.locator('[name="f.hinder"]')).to_have_value("arbetslos")


def test_a_task_is_completed_from_the_skip_link_on_without_a_mouse(town: Town, visit: Visit) -> None:
    case_id = town.decide("Kim Knapp")
    person = visit("Hanna Lindroth")
    person.page.goto("/uppgifter")
    keyboard = person.page.keyboard

    keyboard.press("Tab")
    expect(person.page.locator(".skip-link")).to_be_focused()
    keyboard.press("Enter")
    _tab_to(person, person.page.get_by_role("main").get_by_role("link", name=TASK))
    keyboard.press("Enter")
    expect(person.page.get_by_role("heading", level=1)).to_have_text(TASK)
    _tab_to(person, person.page.locator('[name="f.hinder"]'))
    keyboard.press("ArrowDown")
    _tab_to(person, person.page.locator('[name="f.sjukskriven"]').first)
    keyboard.press("Space")
    _tab_to(person, person.page.get_by_role("button", name="Slutför uppgiften"))
    keyboard.press("Enter")

    expect(person.page.locator(".notice-ok").first).to_be_visible()
    assert town.scalar(COMPLETIONS, case=case_id, element=ELEMENT) == 1


def _tab_to(person: Person, target: object, most: int = 60) -> None:
    for _ in range(most):
        person.page.keyboard.press("Tab")
        if target.first.evaluate("element => element === document.activeElement"):  # type: ignore[attr-defined]
            return
    raise AssertionError(f"{target} was not reached in {most} steps of the tab key")
