"""The one window of a program that cannot start: what is wrong, for whoever does not see standard error."""

from PySide6.QtCore import QEventLoop
from PySide6.QtWidgets import QApplication, QDialog

from optty_desktop.ui.notice_dialog import NoticeDialog
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


def start_problem_dialog(look: Look, reason: str) -> NoticeDialog:
    """Make the window that says `reason`."""
    text = tr(
        "{reason}. Ask whoever manages this till to put that right, then start Payment Links again.",
        reason=harmless(reason, 400).rstrip(". "),
    )
    return NoticeDialog(look, tr("Payment Links cannot start"), text)


def show_until_closed(app: QApplication, dialog: QDialog) -> None:
    """Show a window before there is a loop: its events are handled here until somebody closes it."""
    dialog.open()
    while dialog.isVisible():
        app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
