"""The settings: the sections there are in a list on the leading side, the open one beside it."""

from collections.abc import Sequence
from typing import NamedTuple

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QStackedWidget, QWidget

from optty_desktop.ui.pane_layout import SMALL
from optty_desktop.ui.paned_page import PanedPage
from optty_desktop.ui.settings_nav import SettingsNav
from optty_desktop.ui.theme import Look


class Section(NamedTuple):
    """One entry of the list and what it opens. `name` is the object name of the entry."""

    icon: str
    title: str
    name: str
    page: QWidget


class SettingsPage(PanedPage):
    """Owns list and sections. In a narrow window the list is a row of tabs on top."""

    def __init__(self, look: Look, sections: Sequence[Section], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("settingsPage")
        self._nav = SettingsNav(look, [(one.icon, one.title, one.name) for one in sections], self)
        self._pages = QStackedWidget(self)
        self._names = [section.name for section in sections]
        for section in sections:
            self._pages.addWidget(section.page)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(0)
        self._row.addWidget(self._nav)
        self._row.addWidget(self._pages, 1)
        self._nav.chosen.connect(self._pages.setCurrentIndex)

    def open(self, name: str) -> None:
        """Open a section by the object name of its entry, with the keyboard there."""
        place = self._names.index(name)
        self._nav.open(place)
        self._pages.setCurrentIndex(place)
        self._nav.current.setFocus(Qt.FocusReason.OtherFocusReason)

    def panes(self) -> list[QWidget]:
        """List and section, for F6."""
        return [self._nav, self._pages]

    def first_stops(self, pane: QWidget) -> list[QWidget]:
        """Where the keyboard belongs in a pane; nothing where the order of Tab says it."""
        return [self._nav.current] if pane is self._nav else []

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A narrow window has no room beside the section."""
        super().resizeEvent(event)
        is_narrow = self.window().width() < SMALL
        way = QBoxLayout.Direction.TopToBottom if is_narrow else QBoxLayout.Direction.LeftToRight
        if self._row.direction() != way:
            self._row.setDirection(way)
            self._nav.set_tabs(is_narrow)
