"""Schedules are told in words that people use."""

from __future__ import annotations

import pytest
from flask import Flask

from forms.i18n import set_up_languages
from forms.wording.schedules import schedule_words


@pytest.mark.parametrize(
    ("schedule", "words"),
    [
        ("30 3 * * *", "Varje dag kl. 03:30"),
        ("0 6 * * mon-fri", "Måndag till fredag kl. 06:00"),
        ("15 2 5 * *", "Den 5 i varje månad kl. 02:15"),
        ("*/10 * * * *", "*/10 * * * *"),
        ("0 6 * 1,7 *", "0 6 * 1,7 *"),
        ("strunt", "strunt"),
    ],
)
def test_common_schedules_are_told_in_words_and_others_as_written(schedule: str, words: str) -> None:
    app = Flask(__name__)
    set_up_languages(app)
    with app.test_request_context():
        assert schedule_words(schedule) == words
