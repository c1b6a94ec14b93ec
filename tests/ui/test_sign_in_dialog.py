"""Signing in with real keys and clicks."""

from typing import TypeVar

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QColor, QPaintEvent, QRegion, QScreen
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QCheckBox, QComboBox, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.ui.environment_band import EnvironmentBand
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.sign_in_dialog import EnvironmentChoice, SignInDialog, SignInRequest
from optty_desktop.ui.sign_in_form import SignInForm
from optty_desktop.ui.tokens import DARK, HIGH_CONTRAST, LIGHT, Theme
from tests.ui.ui_room import Heard, new_look, show


def is_whole(part: QWidget) -> bool:
    """Whether `part` lies within its parent and within the width of its window."""
    parent = part.parentWidget()
    left = part.mapTo(part.window(), part.rect().topLeft()).x()
    fits = left >= 0 and left + part.width() <= part.window().width()
    return parent is not None and parent.rect().contains(part.geometry()) and fits


CHOICES = (
    EnvironmentChoice("training", "Training", EnvironmentKind.TRAINING, "Pretend payments, works without internet"),
    EnvironmentChoice("sandbox", "Sandbox", EnvironmentKind.SANDBOX, "Test account of your payment provider"),
    EnvironmentChoice("live", "Live", EnvironmentKind.LIVE, "Real customers and real money"),
)
T = TypeVar("T", bound=QWidget)
REFUSED = "This ID and secret were not accepted for Live. Check both, or ask whoever manages your payment account"


class Door:
    """The dialog on the screen, its parts by name, and what it said."""

    def __init__(self, qtbot: QtBot, *, keychain: bool = True, theme: Theme = LIGHT) -> None:
        self.dialog = SignInDialog(new_look(theme), CHOICES, keychain_available=keychain)
        self.submitted = Heard(self.dialog.submitted)
        self.training = Heard(self.dialog.training_requested)
        show(qtbot, self.dialog)
        self.environment = self.part(QComboBox, "environmentCombo")
        self.client_id = self.part(QLineEdit, "clientIdEdit")
        self.secret = self.part(QLineEdit, "clientSecretEdit")
        self.sign_in = self.part(QPushButton, "signInButton")

    def part(self, kind: type[T], name: str) -> T:
        """The one part of that name."""
        found: list[T] = self.dialog.findChildren(kind, name)
        assert len(found) == 1, name
        return found[0]

    def error(self, name: str) -> str:
        """What the message of that name says."""
        label = self.part(QLabel, name)
        return label.text() if label.isVisible() else ""


def test_names_are_those_automation_relies_on(qtbot: QtBot) -> None:
    door = Door(qtbot)
    assert door.dialog.objectName() == "loginDialog"
    names = {child.objectName() for child in door.dialog.findChildren(QWidget)}
    assert {"showSecretButton", "rememberCheck", "trainingButton", "loginErrorLabel", "environmentBand"} <= names
    assert door.client_id.accessibleName() == "Client ID"
    assert door.secret.accessibleName() == "Client secret"
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in door.dialog.findChildren(QLabel))


def test_a_secret_is_shown_as_small_dots(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.secret, "pretend")
    assert set(door.secret.displayText()) == {"•"}


def test_typing_and_enter_sign_in(qtbot: QtBot) -> None:
    door = Door(qtbot)
    assert QApplication.focusWidget() is door.client_id
    QTest.keyClicks(door.client_id, "shop_live_4F81C2")
    QTest.keyClick(door.client_id, Qt.Key.Key_Tab)
    QTest.keyClicks(door.secret, "pretend-secret")
    QTest.keyClick(door.secret, Qt.Key.Key_Return)
    assert door.submitted.calls == [(SignInRequest("live", "shop_live_4F81C2", "pretend-secret", False),)]


def test_tab_goes_through_everything_in_reading_order(qtbot: QtBot) -> None:
    door = Door(qtbot)
    door.environment.setFocus()
    order = []
    for _ in range(8):
        focused = QApplication.focusWidget()
        assert focused is not None
        order.append(focused.objectName())
        QTest.keyClick(focused, Qt.Key.Key_Tab)
    assert order == [
        "environmentCombo",
        "importPostmanButton",
        "clientIdEdit",
        "clientSecretEdit",
        "showSecretButton",
        "rememberCheck",
        "trainingButton",
        "signInButton",
    ]


def test_the_secret_is_masked_until_asked_for(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.secret, "pretend-secret")
    assert set(door.secret.displayText()) == {"•"}
    eye = door.part(QPushButton, "showSecretButton")
    assert eye.accessibleName() == "Show secret"
    QTest.mouseClick(eye, Qt.MouseButton.LeftButton)
    assert door.secret.displayText() == "pretend-secret"
    assert eye.accessibleName() == "Hide secret"
    door.dialog.reset()
    assert (door.secret.text(), door.secret.echoMode()) == ("", QLineEdit.EchoMode.Password)
    assert "pretend-secret" not in repr(SignInRequest("live", "id", "pretend-secret", True))


@pytest.mark.parametrize("name", ["clientIdEdit", "clientSecretEdit"])
def test_pasted_text_is_trimmed(qtbot: QtBot, name: str) -> None:
    door = Door(qtbot)
    line = door.part(QLineEdit, name)
    clipboard = QApplication.clipboard()
    clipboard.setText("  shop_live_4F81C2 \n")
    line.setFocus()
    QTest.keyClick(line, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert line.text() == "shop_live_4F81C2"


def test_what_is_missing_is_said_and_gets_the_cursor(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.mouseClick(door.sign_in, Qt.MouseButton.LeftButton)
    assert door.submitted.calls == []
    assert (door.error("clientIdError"), door.error("clientSecretError")) == (
        "Enter the client ID",
        "Enter the client secret",
    )
    assert QApplication.focusWidget() is door.client_id
    QTest.keyClicks(door.client_id, "s")
    assert door.error("clientIdError") == ""


def test_nothing_is_missed_before_somebody_typed_or_pressed(qtbot: QtBot) -> None:
    door = Door(qtbot)
    for line in (door.environment, door.secret, door.client_id, door.environment):
        line.setFocus(Qt.FocusReason.MouseFocusReason)
    assert (door.error("clientIdError"), door.error("clientSecretError")) == ("", "")
    assert not any(line.is_wrong for line in door.dialog.findChildren(LineEdit))


@pytest.mark.parametrize("typed", ["s", " "])
def test_a_line_that_was_typed_in_and_left_empty_is_missed(qtbot: QtBot, typed: str) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.client_id, typed)
    QTest.keyClick(door.client_id, Qt.Key.Key_Backspace)
    QTest.keyClick(door.client_id, Qt.Key.Key_Tab)
    assert (door.error("clientIdError"), door.error("clientSecretError")) == ("Enter the client ID", "")


def test_another_environment_is_begun_without_a_word(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.client_id, "s")
    QTest.keyClicks(door.secret, "s")
    QTest.keyClick(door.secret, Qt.Key.Key_Backspace)
    QTest.mouseClick(door.sign_in, Qt.MouseButton.LeftButton)
    door.dialog.select_environment("sandbox")
    door.environment.setFocus()
    assert (door.error("clientIdError"), door.error("clientSecretError")) == ("", "")
    door.secret.setFocus()
    door.client_id.setFocus()
    door.environment.setFocus()
    assert (door.error("clientIdError"), door.error("clientSecretError")) == ("", "")


def test_what_is_wrong_stands_below_its_field_and_moves_nothing(qtbot: QtBot) -> None:
    door = Door(qtbot)
    parts = (door.client_id, door.secret, door.sign_in)
    before = [part.mapTo(door.dialog, part.rect().topLeft()).y() for part in parts]
    QTest.mouseClick(door.sign_in, Qt.MouseButton.LeftButton)
    QApplication.processEvents()
    assert [part.mapTo(door.dialog, part.rect().topLeft()).y() for part in parts] == before
    id_error, secret_error = door.part(QLabel, "clientIdError"), door.part(QLabel, "clientSecretError")
    tops = [part.mapTo(door.dialog, part.rect().topLeft()).y() for part in (id_error, secret_error)]
    assert before[0] + door.client_id.height() <= tops[0] < before[1]
    assert before[1] + door.secret.height() <= tops[1] < before[2]


def test_the_window_grows_for_what_an_import_says(qtbot: QtBot) -> None:
    door = Door(qtbot)
    before = door.dialog.height()
    sentence = "Sandbox uses the addresses of “optty-direct.postman_collection.json”. "
    door.dialog.import_area.show_result(sentence + "It holds no client ID or secret: type them below.")
    qtbot.waitUntil(lambda: door.dialog.height() > before)
    assert door.dialog.findChildren(QScrollArea) == []
    assert is_whole(door.sign_in)
    assert door.sign_in.mapTo(door.dialog, door.sign_in.rect().bottomLeft()).y() < door.dialog.height()


def test_a_card_number_is_refused_as_id(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.client_id, "4242424242424242")
    QTest.keyClicks(door.secret, "x")
    QTest.keyClick(door.secret, Qt.Key.Key_Return)
    assert door.submitted.calls == []
    assert door.error("clientIdError").startswith("This looks like a card number. Never type card numbers here.")


def test_training_needs_no_credentials(qtbot: QtBot) -> None:
    door = Door(qtbot)
    door.dialog.select_environment("training")
    assert not door.client_id.isVisible()
    assert not door.secret.isVisible()
    assert door.sign_in.text() == "Start training"
    assert "TRAINING" in door.dialog.windowTitle()
    QTest.mouseClick(door.sign_in, Qt.MouseButton.LeftButton)
    assert (len(door.training), len(door.submitted)) == (1, 0)
    door.dialog.select_environment("sandbox")
    assert door.sign_in.text() == "Sign in to Sandbox"
    assert door.client_id.isVisible()


def test_the_only_environment_there_is_stands_ready(qtbot: QtBot) -> None:
    dialog = SignInDialog(new_look(), CHOICES[:2], keychain_available=True)
    show(qtbot, dialog)
    assert dialog.environment_id == "sandbox"


def test_practising_is_one_click_away(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.mouseClick(door.part(QPushButton, "trainingButton"), Qt.MouseButton.LeftButton)
    assert len(door.training) == 1


def test_only_pretend_money_has_band_and_frame(qtbot: QtBot) -> None:
    door = Door(qtbot)
    band = door.dialog.findChild(EnvironmentBand, "environmentBand")
    assert isinstance(band, EnvironmentBand)
    assert not band.isVisible()
    for kind, token in (("training", "training_band"), ("sandbox", "sandbox_band")):
        door.dialog.select_environment(kind)
        assert band.isVisible()
        picture = door.dialog.grab().toImage()
        color = QColor(getattr(LIGHT, token)).name()
        middle, right, bottom = picture.height() // 2, picture.width() - 1, picture.height() - 1
        assert {picture.pixelColor(x, middle).name() for x in (0, 3, right)} == {color}
        assert picture.pixelColor(right // 2, bottom).name() == color
        assert picture.pixelColor(5, middle).name() == QColor(LIGHT.window).name()


def test_busy_takes_no_input_and_a_refusal_opens_the_form_again(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.client_id, "shop")
    QTest.keyClicks(door.secret, "pretend-secret")
    QTest.keyClick(door.secret, Qt.Key.Key_Return)
    door.dialog.set_busy(True)
    assert (door.sign_in.text(), door.sign_in.isEnabled(), door.client_id.isEnabled()) == ("Signing in…", False, False)
    QTest.keyClick(door.dialog, Qt.Key.Key_Return)
    assert len(door.submitted) == 1
    door.dialog.show_problem(REFUSED)
    assert door.error("loginErrorLabel") == REFUSED
    assert door.secret.accessibleDescription() == REFUSED
    assert (door.sign_in.text(), door.sign_in.isEnabled()) == ("Sign in to Live", True)
    assert QApplication.focusWidget() is door.secret
    QTest.keyClicks(door.secret, "2")
    assert door.error("loginErrorLabel") == ""


def test_without_a_keychain_nothing_can_be_remembered(qtbot: QtBot) -> None:
    door = Door(qtbot, keychain=False)
    check = door.part(QCheckBox, "rememberCheck")
    assert not check.isEnabled()
    assert check.accessibleDescription() == "No keychain on this computer"
    door.dialog.set_remembered("shop")
    assert not check.isChecked()


def test_a_remembered_id_needs_no_secret(qtbot: QtBot) -> None:
    door = Door(qtbot)
    door.dialog.set_remembered("shop_live_4F81C2")
    assert QApplication.focusWidget() is door.sign_in
    QTest.keyClick(door.sign_in, Qt.Key.Key_Return)
    assert door.submitted.calls == [(SignInRequest("live", "shop_live_4F81C2", "", True),)]
    door.client_id.setFocus()
    QTest.keyClicks(door.client_id, "X")
    QTest.keyClick(door.client_id, Qt.Key.Key_Return)
    assert len(door.submitted) == 1
    assert door.error("clientSecretError") == "Enter the client secret"


def test_escape_leaves_the_window_open(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClick(door.client_id, Qt.Key.Key_Escape)
    assert door.dialog.isVisible()


@pytest.mark.parametrize("size", [(1366, 696), (1024, 568), (960, 640), (360, 640), (360, 420)])
def test_nothing_is_cut_at_any_size(qtbot: QtBot, size: tuple[int, int]) -> None:
    door = Door(qtbot)
    door.dialog.resize(*size)
    door.dialog.show_problem(REFUSED)
    parts = (door.environment, door.client_id, door.secret, door.sign_in, door.part(QPushButton, "trainingButton"))
    qtbot.waitUntil(lambda: all(is_whole(part) for part in parts))
    assert [part.height() for part in parts] == [60, 44, 44, 52, 52]


@pytest.mark.parametrize("theme", [LIGHT, DARK, HIGH_CONTRAST], ids=lambda theme: theme.name)
def test_the_focus_ring_stands_outside_its_control(qtbot: QtBot, theme: Theme) -> None:
    door = Door(qtbot, theme=theme)
    door.sign_in.setFocus()
    qtbot.waitUntil(lambda: bool(door.dialog.findChildren(FocusRing)))
    ring = door.dialog.findChildren(FocusRing)[0]
    assert ring.isVisible()
    picture = door.dialog.grab().toImage()
    corner = door.sign_in.mapTo(door.dialog, door.sign_in.rect().topLeft())
    middle = corner.y() + door.sign_in.height() // 2
    assert picture.pixelColor(corner.x() - 3, middle).name() == QColor(theme.focus).name()
    assert picture.pixelColor(corner.x() - 1, middle).name() == QColor(theme.surface).name()


def test_only_a_refusal_marks_the_secret(qtbot: QtBot) -> None:
    door = Door(qtbot)
    QTest.keyClicks(door.client_id, "shop_live_4F81C2")
    QTest.keyClicks(door.secret, "pretend")
    assert isinstance(door.secret, LineEdit)
    door.dialog.set_busy(True)
    door.dialog.show_problem("No connection. Check the network cable or Wi-Fi, then try again", is_refused=False)
    assert door.error("loginErrorLabel").startswith("No connection.")
    assert not door.secret.is_wrong
    door.dialog.show_problem(REFUSED)
    assert door.secret.is_wrong
    door.dialog.show_problem("The payment service is not answering", is_refused=False)
    assert not door.secret.is_wrong


def test_the_shadow_leaves_nothing_behind_when_a_message_goes(qtbot: QtBot) -> None:
    door = Door(qtbot)
    qtbot.waitUntil(lambda: door.dialog.findChild(FocusRing) is not None)
    door.client_id.setFocus()
    painted: list[QRegion] = []

    class Watch(QObject):
        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if isinstance(event, QPaintEvent):
                painted.append(event.region())
            return False

    longer = f"{REFUSED}. {REFUSED}"  # than the room that is kept for it
    door.dialog.show_problem(longer)
    form = door.dialog.findChild(SignInForm)
    assert form is not None
    ground = form.parentWidget()
    assert ground is not None
    qtbot.waitUntil(lambda: door.error("loginErrorLabel") == longer)
    QApplication.processEvents()
    before = form.geometry()
    watch = Watch()
    ground.installEventFilter(watch)
    door.dialog.reset()
    qtbot.waitUntil(lambda: form.geometry() != before)
    QApplication.processEvents()
    assert ground.rect() in [region.boundingRect() for region in painted]


def test_another_environment_begins_empty(qtbot: QtBot) -> None:
    door = Door(qtbot)
    door.dialog.set_remembered("shop_live_4F81C2")
    assert door.dialog.is_untouched
    door.dialog.select_environment("sandbox")
    assert (door.client_id.text(), door.secret.text()) == ("", "")
    assert not door.part(QCheckBox, "rememberCheck").isChecked()
    QTest.keyClicks(door.client_id, "shop_test")
    assert not door.dialog.is_untouched
    QTest.keyClicks(door.secret, "pretend")
    door.dialog.select_environment("live")
    assert (door.client_id.text(), door.secret.text()) == ("", "")
    QTest.keyClick(door.sign_in, Qt.Key.Key_Space)
    assert door.error("clientIdError") == "Enter the client ID"


@pytest.mark.parametrize("screen", [(360, 240), (800, 480), (960, 640), (1920, 1080)])
def test_it_is_never_larger_than_the_screen(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, screen: tuple[int, int]
) -> None:
    monkeypatch.setattr(QScreen, "availableSize", lambda _screen: QSize(*screen))
    dialog = Door(qtbot).dialog
    assert (dialog.width(), dialog.height()) == (min(screen[0], 960), min(screen[1], 640))
