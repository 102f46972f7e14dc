"""Forms written as form-js JSON: read, filled with a case's variables, checked, and turned into typed values.

Nothing here knows Flask; `forms.fields` turns a filled form into accessible HTML.
"""

from __future__ import annotations

from forms.schema.filling import Filled, fill
from forms.schema.model import Form
from forms.schema.problems import Problem, ProblemCode
from forms.schema.raw import RawAnswers
from forms.schema.reading import InvalidForm, read_form

__all__ = ["Filled", "Form", "InvalidForm", "Problem", "ProblemCode", "RawAnswers", "fill", "read_form"]
