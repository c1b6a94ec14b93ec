"""The settings in the window: the way in and back, their list, and their place at every size."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.ui.assets import resource
from tests.fakes import TRAINING
from tests.flows.hands import part
from tests.ui.settings_room import SANDBOX, SHOP, SettingsRoom, focused

NONE = Qt.KeyboardModifier.NoModifier


async def test_the_gear_leads_in_and_the_tab_leads_back() -> None:
    async with SettingsRoom() as room:
        gear = part(room.desk.window, QAbstractButton, "navSettingsButton")
        tab = part(room.desk.window, QAbstractButton, "navPaymentsButton")
        await room.open()
        assert room.has_settings
        assert (gear.isChecked(), tab.isChecked()) == (True, False)
        assert focused() == "settingsConnectionButton"
        await room.push("navSettingsButton")
        assert gear.isChecked()
        await room.push("navPaymentsButton")
        assert not room.has_settings
        assert (gear.isChecked(), tab.isChecked()) == (False, True)


async def test_keys_lead_in_back_and_on() -> None:
    async with SettingsRoom() as room:
        await room.key(Qt.Key.Key_Comma)
        assert room.has_settings
        await room.key(Qt.Key.Key_1)
        assert not room.has_settings
        await room.key(Qt.Key.Key_Comma)
        await room.key(Qt.Key.Key_N)
        assert not room.has_settings
        assert focused() == "amountEdit"


async def test_keys_of_the_payments_do_nothing_to_what_nobody_sees() -> None:
    async with SettingsRoom() as room:
        await room.open()
        calls = list(room.gateway.calls)
        for key in (Qt.Key.Key_F, Qt.Key.Key_Return, Qt.Key.Key_D, Qt.Key.Key_P):
            await room.key(key)
        assert room.has_settings
        assert room.gateway.calls == calls
        assert focused() == "settingsConnectionButton"
        await room.key(Qt.Key.Key_1)
        await room.key(Qt.Key.Key_F)
        assert focused() == "searchEdit"


async def test_a_half_filled_form_is_there_on_the_way_back() -> None:
    async with SettingsRoom() as room:
        room.write("referenceEdit", "Order 1054")
        await room.open()
        await room.push("navPaymentsButton")
        assert room.typed("referenceEdit") == "Order 1054"


async def test_f6_goes_round_list_section_and_header() -> None:
    async with SettingsRoom() as room:
        await room.open()
        stops = []
        for _ in range(3):
            await room.key(Qt.Key.Key_F6, NONE)
            stops.append(focused())
        assert stops == ["profileNameEdit", "navPaymentsButton", "settingsConnectionButton"]


async def test_tab_goes_through_the_form_in_the_order_of_reading() -> None:
    async with SettingsRoom() as room:
        await room.open()
        part(room.desk.window, QWidget, "profileNameEdit").setFocus()
        stops = []
        for _ in range(10):
            await room.key(Qt.Key.Key_Tab, NONE)
            stops.append(focused())
        assert stops == [
            "tokenUrlEdit",
            "apiUrlEdit",
            "linkHostsEdit",
            "testConnectionButton",
            "showReportedSwitch",
            "refundByLinkRadio",
            "routeMethodEdit",
            "routePathEdit",
            "routeBodyEdit",
            "saveConnectionButton",
        ]


async def test_arrow_keys_open_sections() -> None:
    async with SettingsRoom() as room:
        await room.open()
        for name in ("settingsRelayButton", "settingsAboutButton"):
            await room.key(Qt.Key.Key_Down, NONE)
            await room.key(Qt.Key.Key_Space, NONE)
            assert focused() == name
        assert room.says("versionText") == "Version 1.2.3"


@pytest.mark.parametrize("size", [(1366, 696), (1024, 560), (683, 348), (512, 320)])
@pytest.mark.parametrize("environment", [SHOP, SANDBOX])
async def test_at_every_size_all_is_reached_and_nothing_lies_outside(
    size: tuple[int, int], environment: Environment
) -> None:
    async with SettingsRoom(environment) as room:
        window = room.desk.window
        window.resize(*size)
        await room.open()
        nav = part(window, QWidget, "settingsNav")
        assert (nav.width() < window.width() // 2) is (size[0] >= 960)
        for name in ("profileNameEdit", "linkHostsEdit", "routePathEdit", "routeBodyEdit", "testConnectionButton"):
            widget = part(window, QWidget, name)
            widget.setFocus()
            place = widget.mapTo(window, widget.rect().topLeft())
            assert place.x() >= 0
            assert place.x() + widget.width() <= window.width()
            assert place.y() > 0
            assert place.y() + min(widget.height(), 44) <= window.height()


async def test_a_mirrored_window_reads_from_the_other_side() -> None:
    async with SettingsRoom() as room:
        window = room.desk.window
        window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        await room.open()
        nav, name = part(window, QWidget, "settingsNav"), part(window, QLineEdit, "tokenUrlEdit")
        assert nav.mapTo(window, QPoint(0, 0)).x() > name.mapTo(window, QPoint(0, 0)).x()
        assert name.alignment() & Qt.AlignmentFlag.AlignRight
        hosts = room.lines("linkHostsEdit").document().defaultTextOption()
        assert hosts.alignment() & Qt.AlignmentFlag.AlignRight
        assert hosts.textDirection() is Qt.LayoutDirection.LeftToRight
        name.setFocus()
        place = name.mapTo(window, QPoint(0, 0)).x()
        assert 0 <= place < window.width() - name.width()


async def test_training_has_nothing_to_set_up() -> None:
    async with SettingsRoom(TRAINING) as room:
        await room.open()
        assert room.says("trainingConnectionText").startswith("Training brings its own connection")
        for name in ("profileNameEdit", "saveConnectionButton", "testConnectionButton"):
            assert not room.sees(name)


async def test_about_names_version_folders_and_licences() -> None:
    async with SettingsRoom() as room:
        await room.open()
        await room.push("settingsAboutButton")
        folders = {"Settings": "/till/config", "Records": "/till/records", "Logs": "/till/logs"}
        for name, folder in folders.items():
            await room.push(f"copy{name}FolderButton")
            assert QGuiApplication.clipboard().text() == folder
        await room.push("licenceFontsButton")
        dialog = await room.asked("licence")
        text = part(dialog, QWidget, "confirmText").property("text").replace("\u2028", "\n")
        assert text == resource("fonts", "OFL.txt").read_text(encoding="utf-8")
        await room.answer(dialog, "keepButton")


async def test_leaving_with_something_not_saved_asks_first() -> None:
    async with SettingsRoom() as room:
        await room.open()
        room.write("profileNameEdit", "Another name")
        await room.push("navPaymentsButton")
        dialog = await room.asked("unsaved")
        await room.answer(dialog, "keepButton")
        assert room.has_settings
        assert part(room.desk.window, QAbstractButton, "navSettingsButton").isChecked()
        assert room.typed("profileNameEdit") == "Another name"
        await room.key(Qt.Key.Key_N)
        await room.answer(await room.asked("unsaved"), "confirmButton")
        assert not room.has_settings
        assert focused() == "amountEdit"
        await room.open()
        assert room.typed("profileNameEdit") == "Live"


async def test_closing_the_window_asks_about_it_too() -> None:
    async with SettingsRoom() as room:
        await room.open()
        room.write("profileNameEdit", "Another name")
        room.desk.window.close()
        await room.answer(await room.asked("unsaved"), "keepButton")
        assert not room.desk.is_ended
        assert room.typed("profileNameEdit") == "Another name"
        room.desk.window.close()
        await room.answer(await room.asked("unsaved"), "confirmButton")
        assert room.desk.is_ended
