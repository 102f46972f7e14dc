"""`reports`: what has been frozen for the authorities, and the files that were handed in."""

from __future__ import annotations

import json
from pathlib import Path

import click

from commands.options import as_json, database_option
from commands.output import print_result
from commands.root import Root, pass_root
from engine.errors import NotFound
from processes.aktivitetskrav.records import reports as register
from processes.aktivitetskrav.records.reports import Report, ReportKind

KIND = click.Choice([kind.value for kind in ReportKind])


@click.group("reports", epilog="Example: stegvis reports list --json")
def reports() -> None:
    """Reports to IVO (each quarter) and Socialstyrelsen (each month), as they were frozen."""


@reports.command("list", epilog="Example: stegvis reports list --json")
@database_option()
@as_json
@pass_root
def list_(root: Root, database: str, as_json: bool) -> None:
    """List every version of every report: period, approval, receipt."""
    with root.installation(database) as room, room.engine.database.reading() as reader:
        found = [each for kind in ReportKind for each in register.all_reports(reader, kind)]
    if as_json:
        click.echo(json.dumps([_told(each) for each in found], ensure_ascii=False))
        return
    for each in found:
        state = f"lämnad {each.handed_in_on}, kvittens {each.receipt}" if each.handed_in_on else "inte lämnad"
        approved = f", godkänd av {each.approved_by}" if each.approved_by else ""
        click.echo(f"{each.kind.value} {each.period} version {each.version}: {state}{approved}")


@reports.command("export", epilog="Example: stegvis reports export ivo 2027-K1 --out ivo.csv")
@click.argument("kind", type=KIND)
@click.argument("period")
@click.option("--out", required=True, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
@database_option()
@as_json
@pass_root
def export(root: Root, kind: str, period: str, out: Path, database: str, as_json: bool) -> None:
    """Write the file of a period's latest version: every number in full, so keep it where only few can read it."""
    with root.installation(database) as room, room.engine.database.reading() as reader:
        found = [each for each in register.all_reports(reader, ReportKind(kind)) if each.period == period and each.file]
    if not found or found[-1].file is None:
        raise NotFound(f"Det finns ingen fil för {kind} {period}: rapporten är inte godkänd än, eller inte fryst.")
    out.touch(mode=0o600)
    out.write_text(found[-1].file, "utf-8", newline="")
    print_result({"file": str(out), "version": found[-1].version}, as_json)


def _told(report: Report) -> dict[str, object]:
    return {
        "kind": report.kind.value,
        "period": report.period,
        "version": report.version,
        "approved_by": report.approved_by,
        "receipt": report.receipt,
        "handed_in_on": report.handed_in_on.isoformat() if report.handed_in_on else None,
        "has_file": report.file is not None,
    }


COMMANDS = (reports,)
