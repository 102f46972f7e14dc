"""The options of a choice: written in the form, found in a variable, or computed."""

from __future__ import annotations

from collections.abc import Mapping

from forms.schema import model
from forms.schema.feel import Feel
from forms.schema.paths import get
from forms.schema.reading import option_of

MAX_OPTIONS = 2_000


def options_of(component: model.Choice, scope: Mapping[str, object], feel: Feel) -> tuple[model.Option, ...]:
    """What can be chosen, each token once."""
    if component.values_expression is not None:
        found = feel.value(component.values_expression, scope)
    elif component.values_key is not None:
        found = get(scope, component.values_key)
    else:
        return component.options
    if not isinstance(found, (list, tuple)):
        return ()
    options: dict[str, model.Option] = {}
    for value in found[:MAX_OPTIONS]:
        option = option_of(value)
        if option is not None:
            options.setdefault(option.token, option)
    return tuple(options.values())
