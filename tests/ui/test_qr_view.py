"""Codes on screens of every kind: readable, sharp, and never too small."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.qr_view import Density, QrView, image_of
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.source_tree import ROOT
from tests.ui.stage import make_look, picture_of

URL = "https://pay.example.com/l/7Q4M2XKD"
LONGER = "https://pay.example.com/l/" + "a" * 74
PLACE = (13, 17)


def read(image: QImage) -> bytes | None:
    """What a phone reads in a picture."""
    found = zxingcpp.read_barcode(image.convertToFormat(QImage.Format.Format_Grayscale8))
    return bytes(found.bytes) if found is not None else None


def on_a_ground(qtbot: QtBot, theme: Theme, url: str) -> tuple[QWidget, QrView]:
    """A view at an odd place of a window in the colours of ``theme``."""
    look = make_look(theme)
    window = QWidget()
    window.resize(400, 400)
    view = QrView(look, 351, window)
    view.move(*PLACE)
    view.set_code(make_qr(url))
    qtbot.addWidget(window)
    window.show()
    return window, view


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=lambda theme: str(theme.name))
@pytest.mark.parametrize("ratio", [1.0, 1.25, 1.5, 1.75, 2.0])
@pytest.mark.parametrize("url", [URL, LONGER], ids=["short", "longer"])
def test_the_painted_code_is_read_and_every_module_is_whole(qtbot: QtBot, theme: Theme, ratio: float, url: str) -> None:
    window, view = on_a_ground(qtbot, theme, url)
    picture = picture_of(window, ratio)
    assert read(picture) == url.encode()
    code = view.code
    assert code is not None
    scale = Density(view.density().dpi, ratio).largest_module(code.full_size, view.width() - 2)
    wanted = image_of(code, scale).convertToFormat(QImage.Format.Format_RGB32)
    assert contains(picture, wanted, view, ratio)


def contains(picture: QImage, wanted: QImage, view: QrView, ratio: float) -> bool:
    """Whether ``wanted`` stands pixel by pixel in the middle of the view, give or take one pixel."""
    left = round(PLACE[0] * ratio + (view.width() * ratio - wanted.width()) / 2)
    top = round(PLACE[1] * ratio + (view.height() * ratio - wanted.height()) / 2)
    near = (-1, 0, 1)
    return any(
        picture.copy(left + dx, top + dy, wanted.width(), wanted.height()) == wanted for dx in near for dy in near
    )


def test_without_a_code_the_card_is_white(qtbot: QtBot) -> None:
    window, view = on_a_ground(qtbot, DARK, URL)
    view.set_code(None)
    picture = picture_of(window)
    seen = {picture.pixel(PLACE[0] + x, PLACE[1] + y) for x in range(10, 340, 7) for y in range(10, 340, 7)}
    assert seen == {QColor(Qt.GlobalColor.white).rgb()}


@pytest.mark.parametrize(
    ("dpi", "ratio", "modules", "wanted"),
    [
        (96.0, 1.0, 29, 8),  # 60 mm are 226.8 px
        (96.0, 1.0, 41, 6),
        (96.0, 1.0, 57, 5),  # never below 5 px
        (96.0, 2.0, 57, 10),
        (96.0, 1.25, 41, 7),  # 6.9 device pixels, rounded up
        (160.0, 1.0, 41, 10),  # 60 mm are 378 px
        (160.0, 1.0, 61, 8),  # 1.2 mm are 7.6 px
    ],
)
def test_the_size_rule(dpi: float, ratio: float, modules: int, wanted: int) -> None:
    assert Density(dpi, ratio).smallest_module(modules) == wanted


def test_a_code_that_would_be_too_small_is_not_drawn(qtbot: QtBot) -> None:
    window, view = on_a_ground(qtbot, LIGHT, "https://pay.example.com/l/" + "a" * 300)
    code = view.code
    assert code is not None
    assert not view.fits(code)
    assert read(picture_of(window)) is None
    view.set_side(view.density().smallest_side(code.size))
    window.resize(view.width() + 40, view.height() + 40)
    assert view.fits(code)
    assert read(picture_of(window)) == code.text.encode()


@pytest.mark.slow
@pytest.mark.parametrize("factor", ["1", "1.25", "1.5", "2"])
def test_a_real_screen_of_another_ratio(factor: str) -> None:
    program = f"""
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication
import zxingcpp
app = QApplication([])
from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.qr_view import QrView
from optty_desktop.ui.theme import dress
from optty_desktop.ui.tokens import DARK
view = QrView(dress(app, DARK), 335)
view.set_code(make_qr({URL!r}))
view.show()
app.processEvents()
image = view.grab().toImage()
found = zxingcpp.read_barcode(image.convertToFormat(QImage.Format.Format_Grayscale8))
print(image.devicePixelRatio(), found.text)
"""
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT, env={**os.environ, "QT_SCALE_FACTOR": factor, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert finished.stdout.split() == [str(float(factor)), URL], finished.stderr
