"""What changed with the versions that came, to be read: plain sentences under the version they came with."""

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractSlider, QHBoxLayout, QWidget

from optty_desktop.core.change_log import Changes, Release
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr

_WIDTH = 720
_STEPS: Final = {
    Qt.Key.Key_Up: QAbstractSlider.SliderAction.SliderSingleStepSub,
    Qt.Key.Key_Down: QAbstractSlider.SliderAction.SliderSingleStepAdd,
    Qt.Key.Key_PageUp: QAbstractSlider.SliderAction.SliderPageStepSub,
    Qt.Key.Key_PageDown: QAbstractSlider.SliderAction.SliderPageStepAdd,
    Qt.Key.Key_Home: QAbstractSlider.SliderAction.SliderToMinimum,
    Qt.Key.Key_End: QAbstractSlider.SliderAction.SliderToMaximum,
}


class NewsDialog(ConfirmDialog):
    """One answer, which changes nothing; Enter and Esc give it. The arrows and Page keys scroll a long text."""

    def __init__(self, look: Look, releases: Sequence[Release], *, environment: str, parent: QWidget) -> None:
        """``releases`` newest first, at least one."""
        super().__init__(look, "news", environment=environment, width=_WIDTH, parent=parent)
        self.set_heading(tr("What’s new"))
        self._text.hide()
        self._text.setText(tr("Version {version}", version=str(releases[0].number)))
        for release in releases:
            self._add_release(release)
        self.add_keep(tr("Close"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Scroll."""
        step = _STEPS.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
            return
        self._area.verticalScrollBar().triggerAction(step)

    def _add_release(self, release: Release) -> None:
        heading = Passage(self._look, Type.BODY, weight=Weight.SEMIBOLD, figures=False, parent=self)
        heading.setObjectName("newsVersion")
        heading.setText(tr("Version {version}", version=str(release.number)))
        self.add(heading, Space.ROW)
        for changes in release.changes:
            self._add_changes(changes)

    def _add_changes(self, changes: Changes) -> None:
        kind = Passage(self._look, Type.SMALL, weight=Weight.SEMIBOLD, ink="text_muted", figures=False, parent=self)
        kind.setText(_kind_words(changes.kind))
        self.add(kind, Space.SMALL)
        for entry in changes.entries:
            self._add_entry(entry)

    def _add_entry(self, entry: str) -> None:
        words = Passage(self._look, Type.ROW, figures=False, parent=self)
        words.setObjectName("newsEntry")
        words.setText(entry)
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(plain_label("•", self._look, Type.ROW, ink="text_muted"), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(words, 1)
        self.body.addSpacing(Space.TIGHT)
        self.body.addLayout(row)


def _kind_words(kind: str) -> str:
    """The headings of Keep a Changelog in the language of the window; another one as it is."""
    words = {
        "Added": tr("New"),
        "Changed": tr("Changed"),
        "Deprecated": tr("Going away soon"),
        "Removed": tr("Gone"),
        "Fixed": tr("Corrected"),
        "Security": tr("Safer"),
    }
    return words.get(kind, kind)
