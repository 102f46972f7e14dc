"""What people do in a browser, in their words."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.town import Town


class Person:
    """Somebody at a browser."""

    def __init__(self, page: Page, town: Town) -> None:
        self.page = page
        self.town = town

    def log_in(self, name: str) -> None:
        """Choose oneself on the demo's login page."""
        self.page.goto("/logga-in")
        self.page.get_by_role("button", name=name).click()
        expect(self.page.locator(".who-name")).to_have_text(name)

    def open_task(self, name: str) -> None:
        """From the inbox to the task."""
        self.page.goto("/uppgifter")
        self.page.get_by_role("link", name=name).first.click()
        expect(self.page.get_by_role("heading", level=1)).to_have_text(name)

    def sees_task(self, name: str) -> bool:
        """Whether the inbox lists it."""
        self.page.goto("/uppgifter")
        return self.page.get_by_role("main").get_by_role("link", name=name).count() > 0

    def unfold(self, title: str) -> Locator:
        """A folded part of the page, opened."""
        fold = self.page.locator("details.fold").filter(has=self.page.locator("summary", has_text=title)).first
        if fold.get_attribute("open") is None:
            fold.locator("summary").first.click()
        return fold

    def answer(self, **answers: str | list[str]) -> None:
        """Fill in the form: a text, an option's value, or a list of options' values for each question's key."""
        for name, value in answers.items():
            if isinstance(value, list):
                for each in value:
                    self._option(name, each).check()
                continue
            field = self.page.locator(f'[name="f.{name}"]').first
            expect(field).to_be_visible()
            expect(field).to_be_enabled()
            if field.get_attribute("type") in ("radio", "checkbox"):
                self._option(name, value).check()
            elif field.evaluate("element => element.tagName") == "SELECT":
                field.select_option(value)
            else:
                field.fill(value)

    def complete(self) -> None:
        """Press the task's button and let the engine's work after it be done."""
        self.page.get_by_role("button", name="Slutför uppgiften").click()
        expect(self.page.locator(".notice-ok").first).to_be_visible()
        self.town.settle()

    def do(self, task: str, **answers: str | list[str]) -> None:
        """One task from the inbox to its end."""
        self.open_task(task)
        self.answer(**answers)
        self.complete()

    def _option(self, name: str, value: str) -> Locator:
        return self.page.locator(f'[name="f.{name}"][value="{value}"]')
