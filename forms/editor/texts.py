"""The words of the editor's script, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _


def editor_texts() -> dict[str, str]:
    """Texts by the names that forms/web/src/editor uses; %s, %e and %w are filled in there."""
    return {
        "notOpened": _("Diagrammet kunde inte öppnas. Ladda om sidan."),
        "notChecked": _("Kontrollen kunde inte göras just nu. Rita vidare; den görs igen vid nästa ändring."),
        "sessionEnded": _("Du är utloggad. Utkastet finns i webbläsaren: ladda om sidan och logga in igen."),
        "found": _("{e} fel, {w} varningar"),
        "clean": _("Inga anmärkningar."),
        "error": _("Fel:"),
        "warning": _("Varning:"),
        "wholeDiagram": _("Hela diagrammet"),
        "errorsForbid": _("Rätta felen först: ett diagram med fel kan inte publiceras."),
        "published": _("Version {s} är publicerad."),
        "version": _("Publicerad version {s}"),
        "notPublished": _("Det gick inte att publicera. Försök igen; ditt utkast finns kvar i webbläsaren."),
        "notADiagram": _("Filen är inget BPMN-diagram. Ditt diagram är kvar som det var."),
        "draftFound": _("Du har ett opublicerat utkast från {s}."),
        "draftOfOtherVersion": _("Det bygger på en annan version än den som nu är publicerad."),
        "draftNotKept": _("Webbläsaren kan inte spara utkastet. Ladda ner filen innan du stänger sidan."),
    }


def function_infos(parameter_names: Iterable[str]) -> dict[str, str]:
    """What the FEEL editor tells about each function that Stegvis adds."""
    names = ", ".join(sorted(parameter_names))
    return {
        "add working days": _("Datumet så många arbetsdagar senare; helger och röda dagar räknas inte."),
        "working days between": _("Antal arbetsdagar efter det första datumet till och med det andra."),
        "is working day": _("Om datumet är en arbetsdag."),
        "next statutory day": _("Dagen då en lagstadgad tid slutar: datumet, eller nästa vardag efter helg och afton."),
        "add working hours": _("Tidpunkten så många arbetstimmar senare, enligt enhetens arbetstider."),
        "working hours between": _("Antal arbetstimmar mellan två tidpunkter, enligt enhetens arbetstider."),
        "end of working day": _("När arbetsdagen slutar på datumet, enligt enhetens arbetstider."),
        "parameter": _("Värdet som gäller i dag för en parameter: %(names)s.", names=names),
    }
