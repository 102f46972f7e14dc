"""What a process owner does in the editor, in their words."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.person import Person


class Drawing:
    """The editor with one process open."""

    def __init__(self, owner: Person) -> None:
        self.page: Page = owner.page
        self.wait_until_ready()

    @classmethod
    def of(cls, owner: Person, process_id: str) -> Drawing:
        """The editor, opened for the latest version of a process."""
        owner.page.goto(f"/processer/{process_id}/redigera")
        return cls(owner)

    def wait_until_ready(self) -> None:
        """Until the diagram is drawn and checked."""
        expect(self.page.locator("#editor[data-ready]")).to_be_visible(timeout=20_000)

    @property
    def findings(self) -> Locator:
        """The list of what the check says."""
        return self.page.locator("[data-findings] li")

    @property
    def publish_button(self) -> Locator:
        """The one that opens the dialog."""
        return self.page.locator('[data-action="publish"]')

    @property
    def dialog(self) -> Locator:
        """Where the note is written."""
        return self.page.get_by_role("dialog")

    @property
    def panel(self) -> Locator:
        """The properties panel."""
        return self.page.locator(".bio-properties-panel")

    def select(self, element_id: str) -> None:
        """Click an element on the canvas."""
        self.page.locator(f'.djs-element[data-element-id="{element_id}"] > .djs-hit').first.click(
            force=True, position={"x": 3, "y": 3}
        )

    def unfold(self, group: str) -> None:
        """Open a group of the panel."""
        header = self.page.locator(f'[data-group-id="group-{group}"] .bio-properties-panel-group-header')
        if "open" not in (header.get_attribute("class") or "").split():
            header.locator(".bio-properties-panel-group-header-title").click()

    def feel(self, entry: str) -> Locator:
        """The FEEL field of an entry in the panel."""
        return self.page.locator(f'[data-entry-id="{entry}"] .cm-content')

    def write_feel(self, entry: str, expression: str) -> None:
        """Replace a FEEL field's text and leave the field."""
        self.feel(entry).click()
        self.page.keyboard.press("Control+a")
        self.page.keyboard.insert_text(expression)
        self.page.keyboard.press("Escape")
        expect(self.page.locator('[data-action="undo"]')).to_be_enabled()

    def publish(self, note: str) -> None:
        """Publish with a note."""
        expect(self.publish_button).to_be_enabled()
        self.publish_button.click()
        self.dialog.get_by_label("Vad har ändrats, och varför?").fill(note)
        self.dialog.get_by_role("button", name="Publicera", exact=True).click()

    def download(self, to: Path) -> str:
        """The file that the download button gives."""
        with self.page.expect_download() as started:
            self.page.get_by_role("button", name="Ladda ner").click()
        started.value.save_as(to)
        return to.read_text("utf-8")
