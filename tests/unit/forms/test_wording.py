from __future__ import annotations

from datetime import UTC, datetime

import pytest
from flask import Flask

from forms.i18n import set_up_languages
from forms.schema.markup import html_of_markdown, safe_html
from forms.wording.due import due_words
from forms.wording.values import value_words
from timers.calendar import WorkingCalendar

NOW = datetime(2026, 11, 25, 9, 0, tzinfo=UTC)  # a Wednesday, 10:00 in Sweden


@pytest.mark.parametrize(
    ("due", "urgency", "swedish", "english"),
    [
        (None, "none", "ingen sluttid", "no due date"),
        (datetime(2026, 11, 23, 9, 0, tzinfo=UTC), "overdue", "försenad 2 dagar", "overdue by 2 days"),
        (datetime(2026, 11, 24, 23, 30, tzinfo=UTC), "overdue", "försenad sedan kl. 00:30", "overdue since 00:30"),
        (datetime(2026, 11, 25, 15, 0, tzinfo=UTC), "today", "i dag kl. 16:00", "today at 16:00"),
        (datetime(2026, 11, 25, 22, 59, 59, tzinfo=UTC), "today", "i dag", "today"),
        (datetime(2026, 11, 25, 23, 0, tzinfo=UTC), "today", "i dag", "today"),
        (datetime(2026, 11, 24, 23, 0, tzinfo=UTC), "overdue", "försenad 1 dag", "overdue by 1 day"),
        (datetime(2026, 11, 26, 9, 0, tzinfo=UTC), "soon", "1 arbetsdag kvar", "1 working day left"),
        (datetime(2026, 11, 30, 9, 0, tzinfo=UTC), "soon", "3 arbetsdagar kvar", "3 working days left"),
        (datetime(2026, 12, 1, 9, 0, tzinfo=UTC), "later", "4 arbetsdagar kvar", "4 working days left"),
        (datetime(2026, 12, 28, 9, 0, tzinfo=UTC), "later", "21 arbetsdagar kvar", "21 working days left"),
    ],
)
def test_due_times_are_told_in_words(due: datetime | None, urgency: str, swedish: str, english: str) -> None:
    app = Flask(__name__)
    set_up_languages(app)
    with app.test_request_context():
        here = due_words(due, NOW, WorkingCalendar())
    with app.test_request_context(headers={"Cookie": "language=en"}):
        there = due_words(due, NOW, WorkingCalendar())

    assert (here.urgency.value, here.words, there.words) == (urgency, swedish, english)


def test_a_due_time_over_the_weekend_is_before_the_next_working_day() -> None:
    app = Flask(__name__)
    set_up_languages(app)
    friday = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
    with app.test_request_context():
        assert due_words(datetime(2026, 11, 29, 9, 0, tzinfo=UTC), friday, WorkingCalendar()).words == (
            "före nästa arbetsdag"
        )


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("<script>alert(1)</script>", "<script"),
        ("<img src=x onerror=alert(1)>", "<img"),
        ('<p style="position:fixed" onclick="x()">a</p>', "style"),
        ('<a href="javascript:alert(1)">a</a>', "javascript"),
        ("<iframe src=//example.org></iframe>", "<iframe"),
        ("<form action=/logga-ut><button>x</button></form>", "<form"),
    ],
)
def test_html_of_authors_can_neither_run_nor_load_nor_restyle(text: str, gone: str) -> None:
    assert gone not in safe_html(text)
    assert gone not in html_of_markdown(text) or "&lt;" in html_of_markdown(text)


def test_markdown_headings_lie_under_the_pages_own() -> None:
    assert html_of_markdown("# Rubrik").strip() == "<h3>Rubrik</h3>"
    assert html_of_markdown("[x](javascript:alert(1))").count("href") == 0


def test_values_are_told_as_people_read_them() -> None:
    assert value_words(None) == "–"
    assert value_words(True) == "ja"
    assert value_words([1, {"a": "b"}]) == "1, a: b"
    assert len(value_words("x" * 5000)) < 500
