"""A used desk that changes its theme looks, pixel by pixel, like one that was built in that theme."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.links import LinkState
from optty_desktop.core.theme_choice import ThemeChoice
from optty_desktop.ui.customer_window import CustomerWindow
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.sign_in_dialog import SignInDialog
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme
from optty_desktop.ui.worn_theme import FIXED
from tests.fakes import START, FakeAccount, draft
from tests.flows.hands import part
from tests.ui.desk_room import DeskRoom, turns
from tests.ui.settings_room import SANDBOX
from tests.ui.stage import POPUP, settle
from tests.ui.table_links import afternoon
from tests.ui.test_customer_window import URL, order
from tests.ui.test_sign_in_dialog import CHOICES, Door
from tests.ui.ui_room import new_look, show
from tests.waiting import until

CTRL = Qt.KeyboardModifier.ControlModifier
SECTIONS = ("Appearance", "Sounds", "Connection", "Relay", "About")
Pictures = dict[str, QImage]

_ROUNDED = 1


@pytest.fixture(autouse=True)
def _light_again() -> Iterator[None]:
    yield
    new_look()


class BusyDesk(DeskRoom):
    """Twelve links on the table, signed in to Sandbox, so that there are a band and all sections."""

    def __init__(self, choice: ThemeChoice) -> None:
        super().__init__(afternoon(), SANDBOX)
        self.look = new_look(FIXED[choice], reduced_motion=True)
        self.worn = choice
        for one in afternoon():
            self.gateway.accounts[one.invoice_number] = FakeAccount(one.invoice_number, one.amount, has_order=True)
        self.gateway.names_reads = True
        self.gateway.before = self._hold_still

    async def _hold_still(self, call: str) -> None:
        """No link changes between two pictures: of those that are followed, none is answered."""
        if call.startswith("read") and not call.endswith("T2-1053"):
            await asyncio.Event().wait()

    async def wear(self, choice: ThemeChoice) -> None:
        """Change the theme as the settings do."""
        self.wardrobe.wear(choice)
        await turns()

    async def push(self, name: str) -> None:
        """Press a button of the window with the mouse."""
        await self.click(part(self.desk.window, QAbstractButton, name))

    async def scenes(self) -> AsyncIterator[str]:
        """Go from one to the next; each leaves the window as it was."""
        window, page = self.desk.window, self.desk.page
        window.resize(1366, 740)
        await self.press(Qt.Key.Key_N, CTRL)
        page.links.table.clearSelection()
        await turns()
        yield "links"
        part(window, QLineEdit, "amountEdit").setText("12.34.5")
        await self.push("createLinkButton")
        yield "a form with mistakes"
        page.links.opened.emit("T2-1053")
        await until(part(page.detail, QAbstractButton, "cancelButton").isVisible)
        await turns()
        yield "detail"
        async for scene in self._in_front():
            yield scene
        await self.press(Qt.Key.Key_Comma, CTRL)
        for section in SECTIONS:
            await self.push(f"settings{section}Button")
            yield f"settings, {section}"
        await self.push("navPaymentsButton")
        await until(page.isVisible)

    async def code(self) -> AsyncIterator[str]:
        """Create a link: its code stays black on white."""
        page = self.desk.page
        page.form.submitted.emit(draft())
        await until(part(page.ready, QAbstractButton, "copyLinkButton").isVisible)
        await self.push("copyLinkButton")
        yield "a link that is ready, and a toast"

    async def _asked(self) -> QDialog:
        dialog = await until(lambda: _open_dialog(self.desk.window))
        assert dialog is not None
        return dialog

    async def _in_front(self) -> AsyncIterator[str]:
        await self.push("cancelButton")
        dialog = await self._asked()
        yield "question"
        dialog.reject()
        await turns()
        menu = await self.menu_of("T2-1050")
        yield "menu of a row"
        menu.close()
        combo = part(self.desk.window, QComboBox, "currencyCombo")
        combo.showPopup()
        yield "currencies"
        combo.hidePopup()
        await self.press(Qt.Key.Key_F1)
        dialog = await self._asked()
        yield "keys"
        dialog.reject()
        await turns()


def _open_dialog(window: QWidget) -> QDialog | None:
    return next((one for one in window.findChildren(QDialog) if one.isVisible()), None)


def shots(scene: str) -> Pictures:
    """Every window as it was painted last: whoever forgets to paint anew is seen."""
    windows = [one for one in QApplication.topLevelWidgets() if one.isVisible()]
    names = [f"{scene}: {one.objectName() or type(one).__name__}" for one in windows]
    assert len(set(names)) == len(names), names
    return {name: one.screen().grabWindow(one.winId()).toImage() for name, one in zip(names, windows, strict=True)}


def differing(one: Pictures, other: Pictures) -> list[str]:
    """The windows that differ, each with the first pixel where they do, and how many do."""
    assert one.keys() == other.keys()
    return [f"{name}: {where}" for name in one if (where := _where(one[name], other[name]))]


def _where(one: QImage, other: QImage) -> str:
    if one.size() != other.size():
        return f"{one.size().toTuple()} {other.size().toTuple()}"
    if one == other:
        return ""
    width, height = one.width(), one.height()
    places = [(x, y) for y in range(height) for x in range(width) if _differ(one.pixel(x, y), other.pixel(x, y))]
    if not places:
        return ""
    first = QPoint(*places[0])
    return f"{len(places)} pixels, first {places[0]}: {one.pixelColor(first).name()} {other.pixelColor(first).name()}"


def _differ(one: int, other: int) -> bool:
    """Whether eyes could tell. What shines through is rounded otherwise where less of a window is painted anew."""
    return any(abs((one >> shift & 255) - (other >> shift & 255)) > _ROUNDED for shift in (0, 8, 16))


async def pictures(scenes: AsyncIterator[str]) -> Pictures:
    """What is seen in each, from the first to the last."""
    found: Pictures = {}
    async for scene in scenes:
        await turns()
        found |= shots(scene)
    return found


async def built_in(choice: ThemeChoice) -> Pictures:
    """All scenes of a desk that has never worn another theme."""
    async with BusyDesk(choice) as room:
        return await pictures(room.scenes()) | await pictures(room.code())


@POPUP
@pytest.mark.parametrize("before", [ThemeChoice.LIGHT, ThemeChoice.CONTRAST])
async def test_every_scene_follows_a_change_and_the_way_back(before: ThemeChoice) -> None:
    after = ThemeChoice.DARK
    built = {choice: await built_in(choice) for choice in (before, after)}
    changed: dict[ThemeChoice, Pictures] = {before: {}, after: {}}
    async with BusyDesk(before) as room:
        for scenes in (room.scenes(), room.code()):
            async for scene in scenes:
                for choice in (after, before):
                    await room.wear(choice)
                    changed[choice] |= shots(scene)
    assert len(built[after]) > len(SECTIONS) + 10
    assert differing(changed[after], built[after]) == []
    assert differing(changed[before], built[before]) == []


@POPUP
async def test_what_was_out_of_sight_at_the_change_follows_it() -> None:
    async with BusyDesk(ThemeChoice.DARK) as room:
        await pictures(room.scenes())
        built = await pictures(room.scenes())
    async with BusyDesk(ThemeChoice.LIGHT) as room:
        await pictures(room.scenes())
        await room.wear(ThemeChoice.DARK)
        assert differing(await pictures(room.scenes()), built) == []


@pytest.mark.parametrize("theme", [DARK, HIGH_CONTRAST])
def test_the_sign_in_window_follows(qtbot: QtBot, theme: Theme) -> None:
    built = Door(qtbot, theme=theme)
    qtbot.waitUntil(lambda: any(ring.isVisible() for ring in built.dialog.findChildren(FocusRing)))
    expected = shots("sign in")
    built.dialog.hide()
    look = new_look()
    changed = SignInDialog(look, CHOICES, keychain_available=True)
    show(qtbot, changed)
    qtbot.waitUntil(lambda: any(ring.isVisible() for ring in changed.findChildren(FocusRing)))
    look.change_theme(theme)
    settle()
    assert differing(shots("sign in"), expected) == []


@pytest.mark.parametrize("is_paid", [False, True])
def test_the_customer_screen_follows(qtbot: QtBot, is_paid: bool) -> None:
    seen: list[Pictures] = []
    for first in (DARK, LIGHT):
        look = new_look(first, reduced_motion=True)
        window = CustomerWindow(look, "Corner Store")
        qtbot.addWidget(window)
        if is_paid:
            window.show_paid(order(LinkState.PAID, paid_at=START))
        else:
            window.show_link(order(), make_qr(URL))
        window.resize(1024, 600)
        window.show()
        settle()
        look.change_theme(DARK)
        settle()
        seen.append(shots("customer"))
        window.hide()
    assert differing(*seen) == []
