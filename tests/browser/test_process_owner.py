"""The process owner's story: change a deadline, publish, and see which cases it holds for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from playwright.sync_api import expect

from engine.clock import local_date
from tests.browser.drawing import Drawing
from tests.browser.person import Person
from tests.browser.town import Town

ACCEPT = "ta_emot_overlamning"
DUE = "taskScheduleDueDate"
Visit = Callable[..., Person]


def test_a_new_deadline_holds_for_new_cases_and_running_ones_keep_theirs(town: Town, visit: Visit) -> None:
    # given a case whose handover runs on version 1
    old = town.decide("Gun Gammal")
    town.hand_over(old)
    before = town.item(old, ACCEPT).due_at

    # when the process owner gives the adviser fifteen working days and publishes
    owner = visit("Petra Wall")
    drawing = Drawing.of(owner, "overlamning")
    drawing.select(ACCEPT)
    drawing.unfold("assignmentDefinition")
    expect(drawing.feel(DUE)).to_contain_text('parameter("mottagande_arbetsdagar")')
    drawing.write_feel(DUE, "add working days(today(), 15)")
    expect(drawing.page.locator("[data-findings-summary]")).to_have_text("Inga anmärkningar.")
    drawing.publish("Tre veckor för mottagande under sommaren")
    expect(drawing.page.get_by_role("status")).to_have_text("Version 2 är publicerad.")

    # then a case that comes later has the new deadline, and the first one keeps its own
    new = town.decide("Nils Ny")
    town.hand_over(new)
    after = town.item(new, ACCEPT).due_at
    assert after is not None
    assert local_date(after - timedelta(seconds=1)) == town.room.calendar.add_working_days(
        local_date(town.clock.now()), 15
    )
    assert town.item(old, ACCEPT).due_at == before != after

    # and both say which version they run on
    caseworker = visit("Hanna Lindroth")
    for case_id, words in ((old, "Körs på version 1; senaste är 2."), (new, "Körs på version 2, den senaste.")):
        caseworker.page.goto(f"/arenden/{case_id}")
        fold = caseworker.unfold("Överlämning")
        expect(fold.get_by_text(words)).to_be_visible()

    # and the process says who changed it and why
    owner.page.goto("/processer/overlamning")
    versions = owner.page.get_by_role("main")
    expect(versions).to_contain_text("Tre veckor för mottagande under sommaren")
    expect(versions).to_contain_text("Petra Wall")


def test_wrong_feel_is_found_as_one_types_and_cannot_be_published(visit: Visit) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")
    drawing.select(ACCEPT)
    drawing.unfold("assignmentDefinition")

    drawing.write_feel(DUE, "add working days(today(), 15")

    expect(drawing.findings).to_have_count(1)
    expect(drawing.findings).to_contain_text("Ta emot överlämning")
    expect(drawing.publish_button).to_be_disabled()
    expect(drawing.page.locator(".finding-badge--error")).to_be_visible()

    drawing.page.get_by_role("button", name="Ångra").click()

    expect(drawing.findings).to_have_count(0)
    expect(drawing.publish_button).to_be_enabled()


def test_a_deleted_flow_is_found_and_a_click_on_the_finding_shows_where(visit: Visit) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")

    drawing.select("flode_23_registrera_mottagande_hall_flerpartsmote")
    drawing.page.keyboard.press("Delete")

    expect(drawing.publish_button).to_be_disabled()
    place = drawing.findings.get_by_role("button", name="Håll flerpartsmöte").first
    place.click()
    expect(drawing.panel).to_contain_text("Håll flerpartsmöte")


def test_nobody_publishes_over_somebody_elses_newer_version(town: Town, visit: Visit) -> None:
    first, second = Drawing.of(visit("Petra Wall"), "overlamning"), Drawing.of(visit("Anton Skog"), "overlamning")
    for drawing, days in ((first, 12), (second, 14)):
        drawing.select(ACCEPT)
        drawing.unfold("assignmentDefinition")
        drawing.write_feel(DUE, f"add working days(today(), {days})")
    second.publish("Fjorton dagar")
    expect(second.page.get_by_role("status")).to_have_text("Version 2 är publicerad.")

    first.publish("Tolv dagar")

    expect(first.dialog.get_by_role("alert")).to_contain_text("Någon annan har publicerat version 2")
    assert len(town.engine.queries.versions("overlamning")) == 2


def test_a_draft_survives_the_end_of_the_session(visit: Visit) -> None:
    owner = visit("Petra Wall")
    drawing = Drawing.of(owner, "overlamning")
    owner.page.context.clear_cookies()
    drawing.select(ACCEPT)
    drawing.unfold("assignmentDefinition")
    drawing.write_feel(DUE, "add working days(today(), 11)")
    expect(drawing.page.locator("[data-findings-summary]")).to_contain_text("Du är utloggad")
    expect(drawing.publish_button).to_be_disabled()

    # when they reload and log in again, they are back, and the draft is offered
    owner.page.reload()
    owner.page.get_by_role("button", name="Petra Wall").click()
    drawing.wait_until_ready()
    expect(owner.page.locator("[data-draft]")).to_contain_text("opublicerat utkast")
    owner.page.get_by_role("button", name="Fortsätt på utkastet").click()
    drawing.select(ACCEPT)
    drawing.unfold("assignmentDefinition")
    expect(drawing.feel(DUE)).to_contain_text("add working days(today(), 11)")


def test_an_older_version_can_be_looked_at_and_published_again(town: Town, visit: Visit) -> None:
    first = town.engine.queries.versions("overlamning")[0]
    source = town.engine.queries.content(first.digest)
    town.engine.publish(
        {first.file: source.replace("Håll flerpartsmöte".encode(), "Håll trepartsmöte".encode())},
        author="Anton Skog",
        note="Nytt namn",
    )
    owner = visit("Petra Wall")
    owner.page.goto("/processer/overlamning?version=1")
    owner.page.get_by_role("link", name="Redigera version 1").click()
    expect(owner.page.get_by_text("Du ser den äldre version 1.")).to_be_visible()
    drawing = Drawing(owner)

    drawing.publish("Tillbaka till flerpartsmöte")

    expect(owner.page.get_by_role("status")).to_have_text("Version 3 är publicerad.")
    assert town.engine.queries.content(town.engine.queries.versions("overlamning")[0].digest).count(
        "Håll flerpartsmöte".encode()
    )


def test_a_thrown_message_shows_its_name_and_key_and_the_file_comes_home_unchanged(
    visit: Visit, tmp_path: Path
) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")

    drawing.select("begar_matchning")
    drawing.unfold("message")

    expect(drawing.feel("messageSubscriptionCorrelationKey")).to_have_text("arendeId")
    expect(
        drawing.page.locator('[data-entry-id="messageName"] input, [data-entry-id="messageName"] textarea')
    ).to_have_value("MatchningBegard")
    xml = drawing.download(tmp_path / "home.bpmn")
    assert xml.count('correlationKey="=arendeId"') == 4
    assert 'messageRef="meddelande_matchning_begard"' in xml


def test_our_functions_are_completed_in_feel_fields(visit: Visit) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")
    drawing.select(ACCEPT)
    drawing.unfold("assignmentDefinition")
    drawing.feel(DUE).click()
    drawing.page.keyboard.press("Control+a")
    drawing.page.keyboard.type("add wor")

    expect(drawing.page.locator(".cm-tooltip-autocomplete")).to_contain_text("add working days(date, days")


def test_every_step_is_reached_by_keyboard_through_search(visit: Visit) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")
    drawing.page.get_by_role("button", name="Sök steg").focus()
    drawing.page.keyboard.press("Enter")
    drawing.page.keyboard.type("Säkra mottagandet")
    drawing.page.keyboard.press("Enter")

    expect(drawing.panel).to_contain_text("Säkra mottagandet")


def test_another_file_can_be_opened_and_one_that_is_no_diagram_changes_nothing(visit: Visit, tmp_path: Path) -> None:
    drawing = Drawing.of(visit("Petra Wall"), "overlamning")
    (tmp_path / "nej.bpmn").write_text("inte ett diagram", "utf-8")
    own = drawing.download(tmp_path / "home.bpmn").replace("Håll flerpartsmöte", "Håll trepartsmöte")
    (tmp_path / "own.bpmn").write_text(own, "utf-8")

    drawing.page.locator("[data-upload]").set_input_files(tmp_path / "own.bpmn")
    expect(drawing.page.locator(".djs-container")).to_contain_text("trepartsmöte")
    drawing.page.locator("[data-upload]").set_input_files(tmp_path / "nej.bpmn")

    expect(drawing.page.get_by_role("status")).to_contain_text("Filen är inget BPMN-diagram")
    expect(drawing.page.locator(".djs-container")).to_contain_text("trepartsmöte")


def test_only_process_owners_may_open_the_editor(visit: Visit) -> None:
    caseworker = visit("Hanna Lindroth")

    answer = caseworker.page.goto("/processer/overlamning/redigera")

    assert answer is not None
    assert answer.status == 403
