"""The editor's page, its check and its publish button."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request, url_for
from flask_babel import gettext as _
from flask_wtf.csrf import generate_csrf

from engine.errors import Conflict, Forbidden, InvalidInput, NotFound, TooLarge
from engine.findings import Finding, NotDeployable
from engine.store.rows import DefinitionRow
from forms.backend import actor, backend, may
from forms.editor.texts import editor_texts, function_infos
from forms.i18n import language
from forms.pages import page
from processes.roles import Permission

blueprint = Blueprint("editor", __name__, url_prefix="/processer")

MAX_DIAGRAM_BYTES = 3_000_000
MAX_NOTE = 500


@blueprint.before_request
def only_process_owners() -> None:
    """Drawing and publishing take a role that may edit processes."""
    if not may(Permission.EDIT_PROCESSES):
        raise Forbidden(_("Din roll får inte redigera processer."))


@blueprint.get("/<process_id>/redigera")
def edit(process_id: str) -> Response:
    """The modeler with the published diagram, or with the older one that `version` names."""
    latest, shown = _latest(process_id), _wanted(process_id)
    return page("editor/editor.html", process=latest, shown=shown, settings=_settings(latest, shown))


@blueprint.get("/<process_id>/diagram.bpmn")
def diagram_file(process_id: str) -> Response:
    """The published file as it is."""
    content = backend().engine.queries.content(_wanted(process_id).digest)
    return Response(content, mimetype="application/xml")


@blueprint.post("/<process_id>/kontrollera")
def check(process_id: str) -> Response:
    """What publishing the sent diagram would say."""
    latest = _latest(process_id)
    found = backend().engine.check({latest.file: _within_limits(request.get_data())})
    return jsonify({"findings": _shown(found, latest.file)})


@blueprint.post("/<process_id>/publicera")
def publish(process_id: str) -> tuple[Response, int]:
    """Publish the sent diagram as a new version, unless somebody else has published one meanwhile."""
    latest = _latest(process_id)
    sent = request.get_json()
    xml, note, base = _publication(sent)
    if base != latest.version:
        message = _(
            "Någon annan har publicerat version %(version)s medan du ritade. Ladda ner ditt diagram, ladda om sidan "
            "och för in dina ändringar där.",
            version=latest.version,
        )
        return jsonify({"message": message, "version": latest.version}), 409
    try:
        backend().engine.publish({latest.file: xml}, author=actor().name, note=note, expected={process_id: base})
    except NotDeployable as error:
        findings = [_as_shown(finding) for finding in error.findings]
        return jsonify({"message": _("Diagrammet har fel och kan inte publiceras."), "findings": findings}), 422
    except Conflict:
        return jsonify({"message": _("Någon annan publicerade samtidigt. Ladda om sidan och försök igen.")}), 409
    now = _latest(process_id)
    if now.version == latest.version:
        return jsonify({"message": _("Diagrammet är oförändrat: det finns inget nytt att publicera.")}), 422
    return jsonify({"version": now.version, "release": now.release}), 200


def _latest(process_id: str) -> DefinitionRow:
    versions = backend().engine.queries.versions(process_id)
    if not versions:
        raise NotFound()
    return max(versions, key=lambda row: row.version)


def _wanted(process_id: str) -> DefinitionRow:
    """The version that the request names; the latest where it names none."""
    if "version" not in request.args:
        return _latest(process_id)
    versions = backend().engine.queries.versions(process_id)
    found = next((row for row in versions if str(row.version) == request.args["version"]), None)
    if found is None:
        raise NotFound()
    return found


def _publication(sent: object) -> tuple[bytes, str, int]:
    if not isinstance(sent, dict):
        raise InvalidInput(_("Det som skickades går inte att läsa."))
    xml, note, base = sent.get("xml"), sent.get("note"), sent.get("version")
    if not isinstance(xml, str) or not isinstance(note, str) or type(base) is not int:
        raise InvalidInput(_("Det som skickades går inte att läsa."))
    if not note.strip():
        raise InvalidInput(_("Skriv vad som har ändrats, och varför."))
    if len(note) > MAX_NOTE:
        raise InvalidInput(_("Anteckningen får ha högst %(count)s tecken.", count=MAX_NOTE))
    return _within_limits(xml.encode("utf-8", "surrogatepass")), note.strip(), base


def _within_limits(xml: bytes) -> bytes:
    if len(xml) > MAX_DIAGRAM_BYTES:
        raise TooLarge(_("Diagrammet är större än %(size)s MB.", size=MAX_DIAGRAM_BYTES // 1_000_000))
    return xml


def _shown(found: object, file: str) -> list[dict[str, str | None]]:
    """This file's findings, and the errors that it causes in others (which stop publishing too)."""
    assert isinstance(found, dict)
    own = [_as_shown(finding) for finding in found.get(file, ())]
    others = [
        {**_as_shown(finding), "element": None, "name": f"{name}: {finding.name or finding.element or ''}"}
        for name, findings in found.items()
        if name != file
        for finding in findings
        if finding.is_error
    ]
    return own + others


def _as_shown(finding: Finding) -> dict[str, str | None]:
    english = language() == "en"
    return {
        "code": finding.code,
        "severity": finding.severity.value,
        "element": finding.element,
        "name": finding.name,
        "message": finding.message_en if english else finding.message,
        "remedy": finding.remedy_en if english else finding.remedy,
    }


def _settings(latest: DefinitionRow, shown: DefinitionRow) -> dict[str, object]:
    definitions = backend().engine.rooms.definitions
    infos = function_infos(backend().engine.rooms.parameter_names or ())
    return {
        "processId": latest.process_id,
        "version": latest.version,
        "fileName": latest.file.rsplit("/", 1)[-1],
        "language": language(),
        "csrf": generate_csrf(),
        "diagramUrl": url_for("editor.diagram_file", process_id=latest.process_id, version=shown.version),
        "checkUrl": url_for("editor.check", process_id=latest.process_id),
        "publishUrl": url_for("editor.publish", process_id=latest.process_id),
        "functions": [
            {"name": each.name, "parameters": list(each.parameters), "info": infos.get(each.name, "")}
            for each in definitions.functions.values()
        ],
        "texts": editor_texts(),
    }
