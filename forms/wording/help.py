"""What the process owner wrote about an element, for whoever does the work."""

from __future__ import annotations

import re

from markupsafe import Markup

from forms.schema.markup import html_of_own_markdown

_SOURCE = re.compile(r"\s*Käll(?:a|or): .*?(?:\.(?=\s|$)|$)")


def help_text(documentation: str) -> Markup:
    """An element's documentation without its sources, which the process page keeps."""
    return html_of_own_markdown(_SOURCE.sub("", documentation))
