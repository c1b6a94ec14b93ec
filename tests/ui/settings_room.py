"""A desk whose settings stand in the window, and hands for them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QDialog, QLabel, QLineEdit, QPlainTextEdit

from optty_desktop.core.environments import Environment, EnvironmentKind, Imported, RouteTemplate
from optty_desktop.till.session import TillIdentity
from optty_desktop.ui.about import About
from tests.fakes import IDENTITY, LIVE, START
from tests.flows.hands import is_shown, part, question, words, write
from tests.ui.desk_room import ABOUT, DeskRoom, turns
from tests.waiting import until

SHOP = replace(
    LIVE,
    token_url="https://auth.shop.example/token",
    api_url="https://api.shop.example",
    link_hosts=(".optty.com", "pay.shop.example"),
    cancel_or_refund=RouteTemplate("POST", "/links/{invoiceNumber}"),
    imported=Imported("shop.json", "5f" * 32, START),
)
SANDBOX = replace(
    SHOP,
    id="sandbox",
    name="Sandbox",
    kind=EnvironmentKind.SANDBOX,
    token_url="https://auth.qa.example/token",
    api_url="https://api.qa.example",
)


class SettingsRoom(DeskRoom):
    """Parts are named as in the window."""

    def __init__(
        self, environment: Environment = SHOP, *, identity: TillIdentity = IDENTITY, about: About = ABOUT
    ) -> None:
        super().__init__(environment=environment, identity=identity, about=about)

    async def open(self) -> None:
        """Press the gear and wait until the profile was read."""
        await self.push("navSettingsButton")
        await turns()

    async def push(self, name: str) -> None:
        """Press a button of the window that is on."""
        button = part(self.desk.window, QAbstractButton, name)
        assert button.isEnabled(), f"{name} is off"
        # What stands outside the scrolled part is reached by the keyboard as well as by the mouse.
        button.setFocus()
        await self.click(button)

    async def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = Qt.KeyboardModifier.ControlModifier) -> None:
        """Press a key with Ctrl, or another."""
        await self.press(key, modifier)

    def write(self, name: str, text: str) -> None:
        """Type into a line, over what is there."""
        write(self.desk.window, name, text)

    def write_lines(self, name: str, text: str) -> None:
        """Type into lines, over what is there."""
        edit = self.lines(name)
        edit.setFocus()
        edit.selectAll()
        QTest.keyClick(edit, Qt.Key.Key_Delete)
        edit.insertPlainText(text)

    def typed(self, name: str) -> str:
        """What stands in a line."""
        return part(self.desk.window, QLineEdit, name).text()

    def lines(self, name: str) -> QPlainTextEdit:
        """An editor of several lines."""
        return part(self.desk.window, QPlainTextEdit, name)

    def says(self, name: str) -> str:
        """What a label says; empty while it is not shown. Marks of direction are not words."""
        return words(self.desk.window, name).translate({0x2066: None, 0x2068: None, 0x2069: None, 0x2028: "\n"})

    def sees(self, name: str) -> bool:
        """Whether a part is shown."""
        return is_shown(self.desk.window, name)

    def all_say(self, name: str) -> list[str]:
        """What all labels of that name say, from top to bottom."""
        return [one.text() for one in self.desk.window.findChildren(QLabel, name) if one.isVisible()]

    async def asked(self, kind: str) -> QDialog:
        """Wait for a question."""
        dialog = await until(lambda: question(kind))
        assert dialog is not None
        return dialog

    async def answer(self, dialog: QDialog, name: str) -> None:
        """Press one of its answers and let what follows happen."""
        await self.click(part(dialog, QAbstractButton, name))
        await turns()
        await turns()

    @property
    def has_settings(self) -> bool:
        """Whether the settings stand in the window, and not the payments."""
        shown = self.sees("settingsPage")
        assert shown is not self.desk.page.isVisible()
        return shown


def focused() -> str:
    """The name of what has the keyboard."""
    widget = QApplication.focusWidget()
    return widget.objectName() if widget is not None else ""
