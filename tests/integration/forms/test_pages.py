from __future__ import annotations

import pytest

from tests.integration.forms.town import Town

PAGES = [
    "/uppgifter",
    "/uppgifter?flik=mina",
    "/uppgifter?flik=forsenade&sortera=name",
    "/uppgifter?flik=alla&sok=behov&process=provning&roll=handlaggare&enhet=norr&senast=2026-12-24",
    "/uppgifter/{item}",
    "/arenden",
    "/arenden?sok=2026&lage=open",
    "/arenden/{case}",
    "/processer",
    "/processer/provning",
    "/processer/provning/starta",
    "/om",
]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("address", PAGES)
def test_every_page_shows_in_both_languages(town: Town, address: str, language: str) -> None:
    browser = town.browser("anna", language)

    text = browser.text(address.format(item=town.item().id, case=town.case_id))

    assert f'<html lang="{language}">' in text
    assert text.count("<h1") == 1
    assert "style=" not in text
    assert "<script>" not in text


def test_the_day_is_written_as_each_language_writes_it(town: Town) -> None:
    assert "Måndag 23 november 2026" in town.browser("anna").text("/uppgifter")
    assert "Monday 23 November 2026" in town.browser("anna", "en").text("/uppgifter")
