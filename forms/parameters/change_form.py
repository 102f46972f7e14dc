"""The form by which a parameter is changed: what was sent, what is wrong with it, and the change it asks for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _

from engine.errors import InvalidInput
from engine.parameter_desk import DEFAULT_SOURCE, ChangeRequest, ParameterDesk, read_value
from engine.parameter_values import Certainty, Parameter, ParameterValue

FIELDS = ("varde", "aterta", "fran", "enhet", "skal", "kalla", "sakerhet")


@dataclass
class ChangeForm:
    """What stands in the form's fields, and the problems by field."""

    sent: dict[str, str]
    problems: dict[str, str] = field(default_factory=dict)

    @classmethod
    def blank(cls, today: date) -> ChangeForm:
        """The form before anybody has written in it."""
        preset = {"fran": today.isoformat(), "kalla": DEFAULT_SOURCE, "sakerhet": Certainty.DECIDED.value}
        return cls({name: preset.get(name, "") for name in FIELDS})

    @classmethod
    def of(cls, form: Mapping[str, str]) -> ChangeForm:
        """What a browser sent."""
        return cls({name: form.get(name, "").strip() for name in FIELDS})

    @property
    def withdraws(self) -> bool:
        """Whether earlier changes are to be withdrawn instead of a new value set."""
        return self.sent.get("aterta") == "1"

    def labels(self) -> dict[str, str]:
        """What each field is called."""
        return {
            "varde": _("Nytt värde"),
            "fran": _("Gäller från"),
            "enhet": _("Gäller för"),
            "skal": _("Skäl"),
            "kalla": _("Källa"),
            "sakerhet": _("Hur säkert"),
        }

    def request(self, desk: ParameterDesk, base: Parameter) -> ChangeRequest | None:
        """The change that the form asks for; None where something is wrong, which then stands in `problems`."""
        value, day, certainty = self._value(base), self._day(), self._certainty()
        for name in ("skal", "kalla"):
            if not self.sent.get(name):
                self.problems[name] = _("Frågan måste besvaras.")
        if self.problems or day is None:
            return None
        request = ChangeRequest(
            name=base.name,
            value=value,
            valid_from=day,
            reason=self.sent["skal"],
            for_unit=self.sent.get("enhet") or None,
            source=self.sent["kalla"],
            certainty=certainty,
        )
        try:
            desk.require(request)
        except InvalidInput as error:
            self.problems["varde"] = error.message
            return None
        return request

    def _value(self, base: Parameter) -> ParameterValue | None:
        if self.withdraws:
            return None
        try:
            return read_value(self.sent.get("varde", ""), base)
        except InvalidInput as error:
            self.problems["varde"] = error.message
            return None

    def _day(self) -> date | None:
        try:
            return date.fromisoformat(self.sent.get("fran", ""))
        except ValueError:
            self.problems["fran"] = _("Ange ett datum.")
            return None

    def _certainty(self) -> Certainty:
        word = self.sent.get("sakerhet", "")
        if word not in {each.value for each in Certainty}:
            self.problems["sakerhet"] = _("Välj ett av alternativen.")
            return Certainty.ASSUMPTION
        return Certainty(word)
