"""Fonts, icons, words and the sheet."""

from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from optty_desktop.ui.assets import resource, resources
from optty_desktop.ui.fonts import Fonts
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.theme import style_sheet
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Type
from optty_desktop.ui.words import tr, tr_n
from tests.ui.stage import POPUP
from tests.ui.ui_room import new_look, show


def test_values_are_filled_in_after_translation() -> None:
    assert tr("Create link for {amount}", amount="USD 1.00") == "Create link for USD 1.00"
    assert tr("A {brace} stays") == "A {brace} stays"


def test_plurals_follow_the_number() -> None:
    assert [tr_n("{n} link", "{n} links", n) for n in (0, 1, 2)] == ["0 links", "1 link", "2 links"]
    assert tr_n("{n} link of {who}", "{n} links of {who}", 1, who="Ann") == "1 link of Ann"


def test_the_sheet_has_no_place_left_open() -> None:
    for theme in (LIGHT, DARK, HIGH_CONTRAST):
        sheet = style_sheet(theme)
        assert "{{" not in sheet
        assert theme.text_disabled in sheet


def test_a_designed_system_family_is_kept() -> None:
    assert Fonts("Segoe UI").family == "Segoe UI"
    assert Fonts("DejaVu Sans").family == "Inter"


def test_bundled_faces_load_and_give_figures_of_one_width(qapp: QApplication) -> None:
    font = Fonts("Sans Serif").font(28, 600, figures=True)
    assert QFont(font).exactMatch()
    assert font.pixelSize() == 28
    assert font.featureTags() == [QFont.Tag("tnum")]
    assert Fonts("Sans Serif").font(28, 600).featureTags() == []


def test_licences_of_fonts_and_icons_are_shipped() -> None:
    assert "SIL Open Font License" in resource("fonts", "OFL.txt").read_text(encoding="utf-8")
    assert "ISC License" in resource("icons", "LICENSE").read_text(encoding="utf-8")


def test_every_icon_draws_in_the_colour_asked_for(qapp: QApplication) -> None:
    look = new_look()
    names = [path.stem for path in Path(resources(), "icons").glob("*.svg") if path.stem != "app"]
    assert len(names) > 50
    for name in names:
        picture = look.pixmap(name, "danger", 20, 2.0).toImage()
        assert picture.width() == 40, name
        red = QColor(LIGHT.danger)
        solid = [picture.pixelColor(x, y) for x in range(40) for y in range(40)]
        solid = [ink for ink in solid if ink.alpha() == 255]
        assert solid, name
        assert all(abs(ink.red() - red.red()) + abs(ink.green() - red.green()) <= 2 for ink in solid), name


@pytest.mark.parametrize("size", [16, 32, 64])
def test_the_icon_of_the_program_is_a_tile_at_every_size(qapp: QApplication, size: int) -> None:
    picture = new_look().application_icon().pixmap(size, size).toImage()
    assert picture.width() == size
    edge = picture.pixelColor(size // 2, 1)
    assert edge.alpha() == 255
    assert edge.blue() > edge.red()


@POPUP
def test_a_running_program_changes_its_theme(qtbot: QtBot, qapp: QApplication) -> None:
    look = new_look()
    label = plain_label("Words", look, Type.BODY, ink="danger")
    menu = Menu(look, "someMenu", label)
    menu.addAction("An entry")
    show(qtbot, label)
    menu.open_under(label)
    assert menu.grab().toImage().pixelColor(20, 3).name() == QColor(LIGHT.surface).name()
    menu.close()
    look.change_theme(DARK)
    menu.open_under(label)
    assert menu.grab().toImage().pixelColor(20, 3).name() == QColor(DARK.surface).name()
    menu.close()
    assert label.palette().windowText().color().name() == QColor(DARK.danger).name()
    assert qapp.palette().window().color().name() == QColor(DARK.window).name()
    assert look.color("text").name() == QColor(DARK.text).name()
