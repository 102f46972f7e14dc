"""Author's markdown and HTML to HTML that is safe to show."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markupsafe import Markup

_TAGS = {
    "a", "b", "blockquote", "br", "caption", "code", "dd", "del", "div", "dl", "dt", "em", "h2", "h3", "h4", "h5", "hr",
    "i", "li", "ol", "p", "pre", "s", "span", "strong", "sub", "sup", "table", "tbody", "td", "th", "thead", "tr", "u",
    "ul",
}  # fmt: skip
_ATTRIBUTES = {"a": {"href", "title"}, "th": {"scope", "colspan", "rowspan"}, "td": {"colspan", "rowspan"}}
_SCHEMES = {"https", "http", "mailto", "tel"}
_HEADINGS = {"h1": "h3", "h2": "h3", "h3": "h4", "h4": "h5", "h5": "h5", "h6": "h5"}
"""A form's headings lie under the page's own."""


@lru_cache(maxsize=1)
def _renderer() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])


def html_of_markdown(text: str) -> Markup:
    """Markdown as safe HTML; raw HTML in it is shown as text."""
    tokens = _renderer().parse(text)
    for token in tokens:
        token.tag = _HEADINGS.get(token.tag, token.tag) if token.type.startswith("heading") else token.tag
    return safe_html(_renderer().renderer.render(tokens, _renderer().options, {}))


@lru_cache(maxsize=2_000)
def html_of_own_markdown(text: str) -> Markup:
    """The same of an author's text into which nothing of any case was put; kept, since it is the same for everybody."""
    return html_of_markdown(text)


def safe_html(text: str) -> Markup:
    """HTML with everything taken out that could run, load or restyle."""
    cleaned = nh3.clean(text, tags=_TAGS, attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer")
    return Markup(cleaned)  # noqa: S704 - this is the sanitiser's own result
