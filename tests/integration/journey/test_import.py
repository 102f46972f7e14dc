"""Importing decisions on the real engine: once, in order, resumable, and nobody's number where it should not be."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from sqlalchemy import text

from engine.clock import ManualClock
from engine.engine import Engine
from processes.aktivitetskrav import decisions_import
from processes.aktivitetskrav.calendar_month import Month
from processes.aktivitetskrav.codes import Outcome
from processes.aktivitetskrav.decision_file import UnreadableFile
from processes.aktivitetskrav.decisions_import import ImportProgress, ImportResult, import_decisions
from processes.aktivitetskrav.records import persons, support
from processes.aktivitetskrav.sample import sample_decisions
from processes.aktivitetskrav.states import RequirementStatus
from tests.integration.journey.conftest import HEADER, Town, everything, fictitious, row, write


def load(engine: Engine, town: Town, path: Path, **options: object) -> ImportResult:
    return import_decisions(engine, path, town.families.roles, **options)  # type: ignore[arg-type]


def status_of(engine: Engine, reference: str) -> RequirementStatus:
    with engine.database.reading() as reader:
        case_id = reader.scalar(text("SELECT id FROM case_ WHERE reference = :it"), {"it": reference})
        return persons.find_client(reader, case_id).status


def open_tasks(engine: Engine) -> list[str]:
    return sorted(item.name for item in engine.queries.open_items())


def test_three_months_of_support_make_the_requirement_enter(engine: Engine, town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", *(row(1, month) for month in ("2026-07", "2026-08", "2026-09")))

    result = load(engine, town, path)

    assert (result.rows, result.imported, result.cases_opened, result.rejected) == (3, 3, 1, 0)
    assert result.reject_file is None
    assert status_of(engine, "AK-000001") is RequirementStatus.APPLIES
    assert open_tasks(engine) == ["Kartlägg situationen"]
    assert engine.verify() == []


def test_two_months_make_preparation_start_and_one_does_nothing(engine: Engine, town: Town, tmp_path: Path) -> None:
    load(engine, town, write(tmp_path / "b.csv", row(1, "2026-07"), row(2, "2026-07"), row(2, "2026-08")))

    assert status_of(engine, "AK-000001") is RequirementStatus.NOT_ENTERED
    assert status_of(engine, "AK-000002") is RequirementStatus.PREPARATION
    assert open_tasks(engine) == ["Kartlägg situationen"]


def test_the_same_file_twice_changes_nothing(engine: Engine, town: Town, tmp_path: Path) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("".join(sample_decisions(20, 4, 1, town.families.roles.case_units)), encoding="utf-8")
    first = load(engine, town, path)
    before = everything(engine)

    second = load(engine, town, path)

    assert first.imported == first.rows > 50
    assert (second.imported, second.unchanged, second.cases_opened) == (0, first.rows, 0)
    assert everything(engine) == before


def test_an_unsorted_file_is_taken_month_by_month(engine: Engine, town: Town, tmp_path: Path) -> None:
    load(engine, town, write(tmp_path / "b.csv", row(1, "2026-09"), row(1, "2026-07"), row(1, "2026-08")))

    with engine.database.reading() as reader:
        taken = reader.rows(text("SELECT variables FROM message WHERE name = 'BistandBeslutat' ORDER BY id"))
    months = [bytes(each[0]).decode().split('"manad":"')[1][:7] for each in taken]
    assert months == ["2026-07", "2026-08", "2026-09"]
    assert status_of(engine, "AK-000001") is RequirementStatus.APPLIES


def test_a_correction_recounts_and_asks_a_person_about_what_has_started(
    engine: Engine, town: Town, tmp_path: Path
) -> None:
    load(engine, town, write(tmp_path / "a.csv", *(row(1, month) for month in ("2026-07", "2026-08", "2026-09"))))

    result = load(engine, town, write(tmp_path / "b.csv", row(1, "2026-08", "avslag", "EB-1-rättad")))

    assert (result.imported, result.corrections) == (1, 1)
    assert open_tasks(engine) == ["Kartlägg situationen", "Ta ställning till rättelsen"]
    assert status_of(engine, "AK-000001") is RequirementStatus.APPLIES  # until the person has decided
    with engine.database.reading() as reader:
        assert support.outcomes_of(reader, 1)[Month(2026, 8)] is Outcome.REJECTED


def test_a_corrected_file_imported_before_anything_started_just_counts_anew(
    engine: Engine, town: Town, tmp_path: Path
) -> None:
    load(engine, town, write(tmp_path / "a.csv", row(1, "2026-07"), row(1, "2026-07", "avslag", "EB-1-rättad")))

    assert open_tasks(engine) == []
    assert status_of(engine, "AK-000001") is RequirementStatus.NOT_ENTERED


def test_bad_rows_are_told_and_written_out_and_good_rows_are_taken(engine: Engine, town: Town, tmp_path: Path) -> None:
    bad = [row(2, "2026-07").replace("bifall", "kanske"), row(3, "2026-07", unit="mars"), 'x;"y']
    path = write(tmp_path / "b.csv", row(1, "2026-07"), *bad)

    result = load(engine, town, path)

    assert (result.rows, result.imported, result.rejected) == (4, 1, 3)
    assert [(fault.line, fault.column) for fault in result.faults] == [(3, "utfall"), (4, "enhet"), (5, "")]
    assert result.reject_file == str(tmp_path / "b.avvisade.csv")
    lines = Path(result.reject_file).read_text(encoding="utf-8").splitlines()
    assert lines[0] == "rad;kolumn;orsak;" + HEADER
    assert [line.endswith(raw) for line, raw in zip(lines[1:], bad, strict=True)] == [True, True, True]
    told = next(iter(csv.DictReader(lines[:2], delimiter=";")))
    assert (told["rad"], told["kolumn"], told["utfall"]) == ("3", "utfall", "kanske")


def test_a_mended_reject_file_can_be_imported(engine: Engine, town: Town, tmp_path: Path) -> None:
    path = write(tmp_path / "b.csv", row(1, "2026-07").replace("bifall", "kanske"))
    rejected = Path(load(engine, town, path).reject_file or "")

    rejected.write_text(rejected.read_text(encoding="utf-8").replace(";kanske;", ";bifall;"), encoding="utf-8")
    result = load(engine, town, rejected)

    assert (result.imported, result.rejected) == (1, 0)


def test_a_reference_with_other_content_is_refused(engine: Engine, town: Town, tmp_path: Path) -> None:
    load(engine, town, write(tmp_path / "a.csv", row(1, "2026-07")))
    before = everything(engine)

    result = load(engine, town, write(tmp_path / "b.csv", row(1, "2026-07", "avslag")))

    assert (result.imported, result.rejected) == (0, 1)
    assert "en rättelse ska ha en ny referens" in result.faults[0].reason
    assert everything(engine) == before


def test_two_persons_of_a_household_may_share_a_reference(engine: Engine, town: Town, tmp_path: Path) -> None:
    result = load(
        engine, town, write(tmp_path / "a.csv", row(1, "2026-07", reference="R"), row(2, "2026-07", reference="R"))
    )

    assert (result.imported, result.cases_opened) == (2, 2)


def test_a_case_follows_its_person_to_another_unit(engine: Engine, town: Town, tmp_path: Path) -> None:
    load(engine, town, write(tmp_path / "a.csv", row(1, "2026-07")))
    load(engine, town, write(tmp_path / "b.csv", row(1, "2026-08", unit="sdf_soder")))

    with engine.database.reading() as reader:
        now = reader.rows(text("SELECT unit FROM case_party WHERE until IS NULL"))
    assert [each[0] for each in now] == ["sdf_soder"]


def test_a_protected_identity_is_not_shown_from_the_row_that_says_so(
    engine: Engine, town: Town, tmp_path: Path
) -> None:
    header = HEADER + ";namn;skyddad"
    rows = [f"{row(1, '2026-07')};Anna Ek;nej", f"{row(1, '2026-08')};Anna Ek;ja", f"{row(1, '2026-09')};Anna Ek;"]
    path = tmp_path / "a.csv"

    titles = []
    for number in (1, 2, 3):
        path.write_text("\n".join([header, *rows[:number]]) + "\n", encoding="utf-8")
        load(engine, town, path)
        with engine.database.reading() as reader:
            titles.append(reader.query_scalar(text("SELECT title FROM case_")))

    assert titles == ["Anna Ek", "", ""]
    assert "Anna Ek" not in str({name: rows for name, rows in everything(engine).items() if name != "ak_person"})


def test_a_persons_number_stands_in_the_register_and_nowhere_else(engine: Engine, town: Town, tmp_path: Path) -> None:
    rows = [row(1, month) for month in ("2026-07", "2026-08", "2026-09")]
    result = load(engine, town, write(tmp_path / "a.csv", *rows, row(1, "2026-10").replace("bifall", "x")))

    stored = everything(engine)

    number = fictitious(1)
    assert any(number in str(each) for each in stored.pop("ak_person"))
    assert number[2:] not in str(stored)
    assert number[2:] not in str(result)


def test_an_import_broken_off_between_any_two_rows_is_finished_by_another(
    engine: Engine, town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "sample.csv"
    path.write_text("".join(sample_decisions(6, 4, 3, town.families.roles.case_units)), encoding="utf-8")
    taken = 0

    class Broken(RuntimeError):
        pass

    def breaking(*arguments: object) -> object:
        nonlocal taken
        taken += 1
        if taken % 7 == 0:
            raise Broken
        return whole(*arguments)  # type: ignore[arg-type]

    whole = decisions_import._send
    monkeypatch.setattr(decisions_import, "_send", breaking)

    attempts, result = 0, None
    while result is None:
        attempts += 1
        try:
            result = load(engine, town, path)
        except Broken:
            continue

    rows = len(path.read_text(encoding="utf-8").splitlines()) - 1
    assert attempts > 2
    with engine.database.reading() as reader:
        assert reader.scalar(text("SELECT count(*) FROM ak_support_decision")) == rows
        assert reader.scalar(text("SELECT count(*) FROM message WHERE name = 'BistandBeslutat'")) == rows
    assert engine.verify() == []


def test_progress_is_told(engine: Engine, town: Town, tmp_path: Path) -> None:
    told: list[ImportProgress] = []

    load(engine, town, write(tmp_path / "a.csv", row(1, "2026-07"), row(2, "2026-07")), progress=told.append)

    assert ImportProgress("importing", 2, 2) in told
    assert told[-1].phase == "running"
    assert told[-1].done > 0


def test_what_cannot_be_opened_is_a_typed_error(engine: Engine, town: Town, tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match="går inte att öppna"):
        load(engine, town, tmp_path / "nowhere.csv")
    with pytest.raises(UnreadableFile, match="går inte att öppna"):
        load(engine, town, tmp_path)


def test_a_file_that_is_no_decision_file_takes_nothing(engine: Engine, town: Town, tmp_path: Path) -> None:
    path = tmp_path / "latin.csv"
    path.write_bytes("person;hushåll\n".encode("latin-1"))

    with pytest.raises(UnreadableFile, match="UTF-8"):
        load(engine, town, path)

    assert not (tmp_path / "latin.avvisade.csv").exists()


def test_a_month_that_nobody_applied_for_breaks_the_chain(
    engine: Engine, town: Town, tmp_path: Path, clock: ManualClock
) -> None:
    load(engine, town, write(tmp_path / "a.csv", row(1, "2026-07"), row(1, "2026-08")))
    prepared = status_of(engine, "AK-000001")

    while (alarm := engine.next_alarm()) is not None and alarm.year == 2026 and alarm.month < 12:
        clock.set(max(alarm, clock.now()))
        engine.run_until_idle()

    assert prepared is RequirementStatus.PREPARATION
    assert status_of(engine, "AK-000001") is RequirementStatus.NOT_ENTERED
    with engine.database.reading() as reader:
        assert support.outcomes_of(reader, 1)[Month(2026, 9)] is Outcome.NO_SUPPORT
