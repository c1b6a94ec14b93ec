"""The panes in a real window of every size: what is seen, that nothing is cut, and that nothing typed is lost."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState
from optty_desktop.ui.banner import BannerWords, Cause
from optty_desktop.ui.qr_code import make_qr
from tests.fakes import link
from tests.ui.stage import click, part, settle, type_into
from tests.ui.table_links import afternoon
from tests.ui.window_room import TRAINING, Room

SIZES = [(1920, 1016), (1366, 696), (1024, 560), (960, 600), (700, 600), (683, 384)]


def ready(room: Room) -> None:
    """A link was just made."""
    made = link()
    room.book.put(made)
    room.page.ready.show_link(made)
    room.page.show_ready(True)
    room.page.ready.set_qr(make_qr(str(made.url)), None)
    settle()


def detail(room: Room) -> None:
    """Somebody opened a link."""
    room.page.detail.show_link(link("T2-9", LinkState.PAID), ())
    room.page.show_detail(True)
    settle()


def on_screen(room: Room, widget: QWidget) -> QRect:
    """Where a widget stands in the window."""
    return QRect(widget.mapTo(room.window, QPoint(0, 0)), widget.size())


@pytest.mark.parametrize(
    ("size", "form", "after_ready", "with_detail"),
    [
        ((1920, 1016), ["form", "links"], ["ready", "links"], ["ready", "links", "detail"]),
        ((1366, 696), ["form", "links"], ["ready", "links"], ["detail", "links"]),
        ((1024, 560), ["form", "links"], ["ready", "links"], ["detail", "links"]),
        ((960, 600), ["form", "links"], ["ready"], ["detail", "links"]),
        ((700, 600), ["form"], ["ready"], ["detail"]),
    ],
)
def test_what_is_seen_at_each_size(
    qtbot: QtBot, size: tuple[int, int], form: list[str], after_ready: list[str], with_detail: list[str]
) -> None:
    room = Room(qtbot, links=afternoon(), size=size)
    assert room.shown() == form
    ready(room)
    assert room.shown() == after_ready
    detail(room)
    assert room.shown() == with_detail
    room.page.show_detail(False)
    settle()
    assert room.shown() == after_ready
    room.page.show_form()
    settle()
    assert room.shown() == form


def test_panes_are_mirrored(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    detail(room)
    assert room.shown() == ["form", "links", "detail"]
    room.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    settle()
    assert room.shown() == ["detail", "links", "form"]


def test_a_half_filled_form_survives_everything(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    reference = part(room.window, QLineEdit, "referenceEdit")
    type_into(reference, "Order 7")
    ready(room)
    for size in SIZES:
        room.resize(*size)
        detail(room)
        room.page.show_detail(False)
    room.page.show_form()
    settle()
    assert reference.isVisible()
    assert reference.text() == "Order 7"


def test_the_switch_of_a_narrow_window(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon(), size=(683, 384))
    switch = part(room.window, QWidget, "viewSwitch")
    new_link, links = switch.findChildren(QAbstractButton)
    assert [new_link.text(), links.text()] == ["New link", "Links"]
    assert [new_link.isChecked(), links.isChecked()] == [True, False]
    click(links)
    assert room.shown() == ["links"]
    assert [new_link.isChecked(), links.isChecked()] == [False, True]
    detail(room)
    assert room.shown() == ["detail"]
    assert switch.isHidden()
    room.page.show_detail(False)
    settle()
    assert room.shown() == ["links"]
    click(new_link)
    assert room.shown() == ["form"]
    room.resize(1366, 696)
    assert room.shown() == ["form", "links"]
    assert switch.isHidden()


@pytest.mark.parametrize("kind", [EnvironmentKind.LIVE, TRAINING])
@pytest.mark.parametrize("has_banner", [False, True])
@pytest.mark.parametrize("size", [(1920, 1016), (1366, 696)])
def test_a_fresh_link_is_whole_on_a_cheap_till(
    qtbot: QtBot, kind: EnvironmentKind, has_banner: bool, size: tuple[int, int]
) -> None:
    room = Room(qtbot, kind, afternoon(), size=size)
    if has_banner:
        room.window.banner.show_cause(Cause.NOTICE, BannerWords("Fact.", "Rest.", "Close", "info"))
    ready(room)
    pane = on_screen(room, room.page.ready)
    cancel = part(room.page.ready, QAbstractButton, "cancelLinkButton")
    assert pane.contains(on_screen(room, cancel))
    assert pane.right() - on_screen(room, cancel).right() <= 24
    assert cancel.width() < pane.width() // 2
    code = part(room.page.ready, QWidget, "qrCodeView")
    assert pane.contains(on_screen(room, code))
    assert code.isVisible()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("show", [lambda room: None, ready, detail])
@pytest.mark.parametrize("rtl", [False, True])
def test_no_pane_reaches_over_another_or_out_of_the_window(
    qtbot: QtBot, size: tuple[int, int], show: object, rtl: bool
) -> None:
    room = Room(qtbot, TRAINING, afternoon(), size=size)
    if rtl:
        room.window.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    assert callable(show)
    show(room)
    assert (room.window.width(), room.window.height()) == size
    page = room.page
    panes = [on_screen(room, pane) for pane in (page.form, page.ready, page.links, page.detail) if pane.isVisible()]
    assert panes
    inside = room.window.rect().adjusted(4, 0, -4, -4)
    for number, one in enumerate(panes):
        assert inside.contains(one)
        assert one.width() >= 300
        assert not any(one.intersects(other) for other in panes[number + 1 :])
    for button in room.header.findChildren(QAbstractButton):
        assert room.header.rect().contains(button.geometry())


@pytest.mark.parametrize("size", [(1366, 696), (683, 384)])
def test_create_stays_within_reach(qtbot: QtBot, size: tuple[int, int]) -> None:
    room = Room(qtbot, TRAINING, size=size)
    room.window.banner.show_cause(Cause.NOTICE, BannerWords("Fact.", "Rest.", "Close", "info"))
    settle()
    create = part(room.window, QAbstractButton, "createLinkButton")
    assert on_screen(room, room.page).contains(on_screen(room, create))


def test_a_detail_that_moves_keeps_its_link(qtbot: QtBot) -> None:
    room = Room(qtbot, links=afternoon())
    detail(room)
    for size in (*SIZES, *reversed(SIZES)):
        room.resize(*size)
        assert "detail" in room.shown()
        assert room.page.detail.link == link("T2-9", LinkState.PAID)
        back = part(room.page.detail, QAbstractButton, "detailBackButton")
        close = part(room.page.detail, QAbstractButton, "detailCloseButton")
        assert back.isVisible() is (size[0] < 1360)
        assert close.isVisible() is not back.isVisible()
