"""The one window of a program that cannot start: what is wrong, for whoever does not see standard error."""

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication

from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


def show_start_problem(app: QApplication, look: Look, reason: str) -> None:
    """Show `reason` until the window is closed. There is no loop yet, so its events are handled here."""
    dialog = start_problem_dialog(look, reason)
    dialog.open()
    while dialog.isVisible():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)


def start_problem_dialog(look: Look, reason: str) -> NoticeDialog:
    """The window itself."""
    text = tr(
        "{reason}. Ask whoever manages this till to put that right, then start Payment Links again.",
        reason=harmless(reason, 400).rstrip(". "),
    )
    return NoticeDialog(look, tr("Payment Links cannot start"), text)
