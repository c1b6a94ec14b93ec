"""What the customer sees, and what never."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.customer_window import CustomerWindow, second_screen
from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.times import clock_time
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.fakes import START, link
from tests.source_tree import ROOT
from tests.ui.stage import make_look, part, picture_of, settle

URL = "https://pay.example.com/l/7Q4M2XKD"


def order(state: LinkState = LinkState.PENDING, **changes: object) -> PaymentLink:
    return link("T2-1", state, url=URL, reference="Order 1054", **changes)


class Customer:
    """A person before the second screen."""

    def __init__(
        self, qtbot: QtBot, kind: EnvironmentKind = EnvironmentKind.LIVE, theme: Theme = LIGHT, paid_ms: int = 20_000
    ) -> None:
        self.window = CustomerWindow(make_look(theme), "Corner Store", kind, paid_ms=paid_ms)
        self.window.resize(1366, 768)
        qtbot.addWidget(self.window)
        self.window.show()
        settle()

    def sees(self) -> list[str]:
        labels = self.window.findChildren(QLabel)
        return [label.text() for label in labels if label.isVisible() and label.text()]

    def scans(self) -> str | None:
        image = picture_of(self.window).convertToFormat(QImage.Format.Format_Grayscale8)
        found = zxingcpp.read_barcode(image)
        return found.text if found is not None else None


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=lambda theme: str(theme.name))
@pytest.mark.parametrize("size", [(1366, 768), (1024, 600), (1080, 1920)])
def test_the_customer_can_scan(qtbot: QtBot, theme: Theme, size: tuple[int, int]) -> None:
    customer = Customer(qtbot, theme=theme)
    customer.window.resize(*size)
    customer.window.show_link(order(), make_qr(URL))
    settle()
    assert customer.scans() == URL
    assert part(customer.window, QLabel, "customerAmountLabel").text() == "USD 182.75"
    assert part(customer.window, QLabel, "customerStateLabel").text() == "Waiting for payment"
    assert {"Corner Store", "Order 1054", "Scan with your phone camera to pay"} <= set(customer.sees())


def test_no_contacts_and_no_staff(qtbot: QtBot) -> None:
    customer = Customer(qtbot)
    customer.window.show_link(order(), make_qr(URL))
    shown = " ".join(customer.sees())
    customer.window.show_paid(order(state=LinkState.PAID))
    shown += " ".join(customer.sees())
    assert not any(secret in shown for secret in ("guest54", "example.com", "0154", "Cashier", "boxed"))


def test_paid_takes_the_code_away_and_ends_with_the_name_of_the_shop(qtbot: QtBot) -> None:
    customer = Customer(qtbot, paid_ms=30)
    customer.window.show_link(order(), make_qr(URL))
    paid_at = START + timedelta(minutes=3)
    customer.window.show_paid(order(state=LinkState.PAID, paid_at=paid_at))
    assert customer.scans() is None
    assert part(customer.window, QLabel, "customerStateLabel").text() == "Paid"
    assert {"USD 182.75", "Thank you", f"Received at {clock_time(paid_at)}"} <= set(customer.sees())
    ground = picture_of(customer.window).pixelColor(5, 400)
    assert ground == QColor(LIGHT.paid_screen)
    qtbot.waitUntil(lambda: customer.sees() == ["Corner Store"], timeout=3000)


def test_a_new_link_within_the_thanks_stays(qtbot: QtBot) -> None:
    customer = Customer(qtbot, paid_ms=30)
    customer.window.show_paid(order(state=LinkState.PAID))
    customer.window.show_link(order(), make_qr(URL))
    with qtbot.waitSignal(customer.window.destroyed, timeout=100, raising=False):
        pass
    assert customer.scans() == URL


def test_declined_lets_the_customer_try_again(qtbot: QtBot) -> None:
    customer = Customer(qtbot)
    customer.window.show_link(order(), make_qr(URL))
    customer.window.show_declined()
    settle()
    assert "The payment did not go through. Please try again or use another card." in customer.sees()
    assert customer.scans() == URL
    customer.window.clear()
    assert customer.sees() == ["Corner Store"]
    assert customer.scans() is None


@pytest.mark.parametrize(
    ("kind", "word"), [(EnvironmentKind.TRAINING, "TRAINING"), (EnvironmentKind.SANDBOX, "SANDBOX")]
)
def test_practice_is_marked(qtbot: QtBot, kind: EnvironmentKind, word: str) -> None:
    customer = Customer(qtbot, kind)
    customer.window.show_link(order(), make_qr(URL))
    settle()
    assert word in customer.sees()
    assert customer.scans() == URL


def test_it_takes_no_focus_and_shows_no_pointer(qtbot: QtBot) -> None:
    till = QWidget()
    qtbot.addWidget(till)
    till.show()
    till.activateWindow()
    qtbot.waitUntil(till.isActiveWindow)
    customer = Customer(qtbot)
    assert customer.window.focusPolicy() == Qt.FocusPolicy.NoFocus
    assert customer.window.testAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
    assert customer.window.cursor().shape() == Qt.CursorShape.BlankCursor
    assert QApplication.focusWidget() is None


def test_one_screen_is_no_second_screen(qtbot: QtBot) -> None:
    till = QWidget()
    qtbot.addWidget(till)
    assert second_screen(till) is None


@pytest.mark.slow
def test_the_other_of_two_screens_is_taken(tmp_path: Path) -> None:
    screens = [
        {
            "name": "till",
            "x": 0,
            "y": 0,
            "width": 1366,
            "height": 768,
            "logicalDpi": 96,
            "logicalBaseDpi": 96,
            "dpr": 1,
        },
        {
            "name": "shop",
            "x": 1366,
            "y": 0,
            "width": 800,
            "height": 600,
            "logicalDpi": 96,
            "logicalBaseDpi": 96,
            "dpr": 1,
        },
    ]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}), encoding="utf-8")
    program = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
from optty_desktop.ui.customer_window import second_screen
till = QWidget()
till.show()
print(till.screen().name(), second_screen(till).name())
"""
    finished = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert finished.stdout.split() == ["till", "shop"], finished.stderr
