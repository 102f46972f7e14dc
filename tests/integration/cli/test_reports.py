"""`stegvis reports`: what was frozen, and the file that was handed in."""

from __future__ import annotations

import json
import stat
from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

import stegvis
from engine.protocols import SYSTEM
from processes.aktivitetskrav.records import reports
from processes.aktivitetskrav.records.reports import Figure, ReportKind, Section

FILE = "avsnitt;kod;namn;matt;antal\r\nhinder;arbetslos;Arbetslös;anvisade;12\r\n"


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A database with one report in two versions; only the second has a file."""
    url = f"sqlite:///{tmp_path / 'a.sqlite'}"
    figures = [Figure(Section.HINDRANCE, "arbetslos", "anvisade", 12)]
    with stegvis.installation(url) as room:

        def freeze(context: object) -> None:
            uow = context.uow  # type: ignore[attr-defined]
            reports.freeze(uow, ReportKind.IVO, "2027-K1", "i", figures)
            second = reports.freeze(uow, ReportKind.IVO, "2027-K1", "i", figures)
            reports.approve(uow, second, "kerstin")
            reports.keep_file(uow, second, FILE)
            reports.keep_receipt(uow, second, "IVO-1", date(2027, 4, 20))

        room.engine.run_command(freeze, "freeze", SYSTEM, None)
    return url


def test_every_version_is_listed_with_approval_and_receipt(database: str) -> None:
    answer = CliRunner().invoke(stegvis.main, ["reports", "list", "--database", database, "--json"])
    assert answer.exit_code == 0
    first, second = json.loads(answer.stdout)
    assert (first["version"], first["has_file"], first["handed_in_on"]) == (1, False, None)
    assert (second["version"], second["approved_by"], second["receipt"]) == (2, "kerstin", "IVO-1")
    told = CliRunner().invoke(stegvis.main, ["reports", "list", "--database", database])
    assert "ivo 2027-K1 version 2: lämnad 2027-04-20, kvittens IVO-1, godkänd av kerstin" in told.stdout


def test_the_file_is_written_as_it_was_frozen_for_nobody_else_to_read(database: str, tmp_path: Path) -> None:
    out = tmp_path / "ivo.csv"
    asked = ["reports", "export", "ivo", "2027-K1", "--out", str(out), "--database", database]
    answer = CliRunner().invoke(stegvis.main, asked)
    assert answer.exit_code == 0
    assert out.read_bytes().decode() == FILE
    assert stat.S_IMODE(out.stat().st_mode) == 0o600


@pytest.mark.parametrize(("kind", "period"), [("ivo", "2027-K2"), ("socialstyrelsen", "2027-K1")])
def test_a_report_without_a_file_is_said(database: str, tmp_path: Path, kind: str, period: str) -> None:
    out = tmp_path / "x.csv"
    asked = ["reports", "export", kind, period, "--out", str(out), "--database", database]
    answer = CliRunner().invoke(stegvis.main, asked)
    assert answer.exit_code != 0
    assert "ingen fil" in answer.stderr
    assert not out.exists()
