"""Labelled fields: when they are checked, what they say, and where the ring goes."""

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.ui.combo_box import ComboBox
from optty_desktop.ui.field import Field
from optty_desktop.ui.focus_ring import FocusRing
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.message import Message, MessageKind
from optty_desktop.ui.switch import Switch
from tests.ui.ui_room import Heard, new_look, show

WRONG = "Enter a full address, like name@example.com"


def full_address(text: str) -> str | None:
    """Whether `text` has a dot after its @."""
    return None if "." in text.partition("@")[2] else WRONG


class Form:
    """Two fields, the first one checked."""

    def __init__(self, qtbot: QtBot) -> None:
        look = new_look()
        self.window = QWidget()
        self.edit = LineEdit(look, "name@example.com")
        self.field = Field(look, "Customer e-mail", self.edit, name="email", check=full_address)
        self.other = LineEdit(look)
        column = QVBoxLayout(self.window)
        column.addWidget(self.field)
        column.addWidget(Field(look, "Description", self.other, optional=True, name="description"))
        self.window.resize(400, 300)
        show(qtbot, self.window)
        self.edit.setFocus()
        self.message = self.window.findChild(QLabel, "emailError")


def test_names_buddy_and_accessible_name(qtbot: QtBot) -> None:
    form = Form(qtbot)
    assert form.edit.objectName() == "emailEdit"
    assert form.edit.accessibleName() == "Customer e-mail"
    assert form.field.label.buddy() is form.edit
    texts = [label.text() for label in form.window.findChildren(QLabel)]
    assert texts.count("(optional)") == 1
    assert all(label.textFormat() is Qt.TextFormat.PlainText for label in form.window.findChildren(QLabel))


def test_checked_on_leaving_and_then_on_each_key(qtbot: QtBot) -> None:
    form = Form(qtbot)
    QTest.keyClicks(form.edit, "guest54@example")
    assert not form.field.has_error
    QTest.keyClick(form.edit, Qt.Key.Key_Tab)
    assert form.field.error_text() == WRONG
    assert form.edit.is_wrong
    assert form.edit.accessibleDescription() == WRONG
    form.edit.setFocus()
    QTest.keyClicks(form.edit, ".c")
    assert not form.field.has_error
    assert not form.edit.is_wrong
    assert form.edit.accessibleDescription() == ""


def test_another_window_in_front_is_not_leaving(qtbot: QtBot) -> None:
    form = Form(qtbot)
    QTest.keyClicks(form.edit, "guest54")
    other = QWidget()
    show(qtbot, other)
    assert not form.field.has_error


def test_errors_win_over_warnings_and_these_over_hints(qtbot: QtBot) -> None:
    form = Form(qtbot)
    form.field.set_hint("Only for the receipt")
    form.field.set_warning("This is more than usual for this shop. Check it with the customer")
    form.field.set_error(WRONG)
    assert form.field.error_text() == WRONG
    form.field.set_error(None)
    assert isinstance(form.message, QLabel)
    assert form.message.text().startswith("This is more")
    assert not form.field.has_error
    form.field.set_warning(None)
    assert form.message.text() == "Only for the receipt"
    form.field.set_hint(None)
    assert not form.message.isVisible()


def test_the_field_grows_for_its_message(qtbot: QtBot) -> None:
    form = Form(qtbot)
    before = form.field.sizeHint().height()
    form.field.set_error(WRONG)
    assert form.field.sizeHint().height() >= before + 18
    assert form.edit.height() == 44


def test_text_from_elsewhere_is_never_markup(qtbot: QtBot) -> None:
    look = new_look()
    message = Message(look, "formErrorLabel")
    show(qtbot, message)
    message.show_text("<b>Refused</b>", MessageKind.ERROR)
    label = message.findChild(QLabel, "formErrorLabel")
    assert isinstance(label, QLabel)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert message.text() == "<b>Refused</b>"


def test_the_wheel_leaves_a_choice_alone(qtbot: QtBot) -> None:
    combo = ComboBox(new_look())
    combo.addItems(["USD", "EUR", "KWD"])
    show(qtbot, combo)
    combo.setFocus()
    down = QPoint(0, -120)
    none = Qt.KeyboardModifier.NoModifier
    for _ in range(3):
        wheel = QWheelEvent(
            QPointF(5, 5), QPointF(5, 5), down, down, Qt.MouseButton.NoButton, none, Qt.ScrollPhase.NoScrollPhase, False
        )
        QApplication.sendEvent(combo, wheel)
    assert combo.currentText() == "USD"
    QTest.keyClick(combo, Qt.Key.Key_Down)
    assert combo.currentText() == "EUR"


def test_a_switch_flips_by_mouse_anywhere_and_by_space(qtbot: QtBot) -> None:
    switch = Switch(new_look(), "E-mail the link to the customer")
    show(qtbot, switch)
    flips = Heard(switch.toggled)
    QTest.mouseClick(switch, Qt.MouseButton.LeftButton, pos=QPoint(switch.width() - 5, 5))
    assert switch.isChecked()
    QTest.keyClick(switch, Qt.Key.Key_Space)
    assert not switch.isChecked()
    assert flips.calls == [(True,), (False,)]
    assert switch.height() >= 44


def test_the_ring_goes_round_what_has_the_focus(qtbot: QtBot) -> None:
    form = Form(qtbot)
    ring = FocusRing(new_look(), form.window)
    assert ring.target is form.edit
    corner = form.edit.mapTo(form.window, QPoint(0, 0))
    assert ring.geometry() == form.edit.rect().translated(corner).adjusted(-4, -4, 4, 4)
    form.field.set_error(WRONG)
    form.other.setFocus()
    assert ring.target is form.other
    qtbot.waitUntil(lambda: ring.y() == form.other.mapTo(form.window, QPoint(0, 0)).y() - 4)
    form.other.clearFocus()
    assert not ring.isVisible()


def test_the_ring_scrolls_with_its_target(qtbot: QtBot) -> None:
    look = new_look()
    window, area, content = QWidget(), QScrollArea(), QWidget()
    QVBoxLayout(window).addWidget(area)
    column = QVBoxLayout(content)
    lines = [LineEdit(look) for _ in range(12)]
    for line in lines:
        column.addWidget(line)
    area.setWidget(content)
    area.setWidgetResizable(True)
    ring = FocusRing(look, window)
    window.resize(300, 200)
    show(qtbot, window)
    lines[0].setFocus()
    before = ring.mapTo(window, QPoint(0, 0)).y()
    area.verticalScrollBar().setValue(40)
    assert ring.parentWidget() is content
    assert ring.mapTo(window, QPoint(0, 0)).y() == before - 40
