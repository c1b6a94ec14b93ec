"""From the staff menu to the support file: put it together, show it, copy it, save it."""

from PySide6.QtCore import QFileInfo, QObject

from optty_desktop.core.diagnosis import Support
from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.ports import Clock
from optty_desktop.ui.clipboard import put_on_clipboard
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.save_dialog import save_dialog
from optty_desktop.ui.support_dialog import SupportDialog
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class SupportFlow(QObject):
    """Belongs to ``window`` and opens its dialogs over it; none of them is waited for."""

    def __init__(
        self, look: Look, window: MainWindow, kind: EnvironmentKind, tasks: TaskRunner, support: Support, clock: Clock
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._kind = look, window, kind
        self._tasks, self._support, self._clock = tasks, support, clock
        window.header.support_requested.connect(self.open)

    def open(self) -> SupportDialog:
        """Show the dialog at once; the report follows."""
        dialog = SupportDialog(self._look, self._kind, self._window)
        dialog.copy_requested.connect(lambda: self._copy(dialog))
        dialog.save_requested.connect(lambda: self._ask_where(dialog))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        self._tasks.start(self._fill(dialog), owner=dialog, name="support file")
        return dialog

    async def _fill(self, dialog: SupportDialog) -> None:
        try:
            report = await self._support.report()
        except Exception:
            dialog.show_failure(tr("The support file could not be put together. Close this window and try again."))
            raise  # nobody expected it: the runner writes it down
        dialog.show_report(report)

    def _copy(self, dialog: SupportDialog) -> None:
        put_on_clipboard(dialog.report)
        dialog.show_done(tr("Copied. Paste it into a message to whoever helps you."))

    def _ask_where(self, dialog: SupportDialog) -> None:
        day = self._clock.now().astimezone().date().isoformat()
        name = tr("Support file {day}", day=day) + ".txt"
        title, kinds = tr("Save support file"), tr("Text files (*.txt)")
        places = save_dialog(dialog, "saveSupportFileDialog", title, name, kinds, "txt")
        places.fileSelected.connect(lambda path: self._save(dialog, path))
        places.finished.connect(places.deleteLater)
        places.open()

    def _save(self, dialog: SupportDialog, path: str) -> None:
        self._tasks.start(self._write(dialog, path), owner=dialog, name="save support file")

    async def _write(self, dialog: SupportDialog, path: str) -> None:
        try:
            await self._support.write(dialog.report, path)
        except OSError:
            dialog.show_problem(tr("The file could not be saved there. Choose another folder."))
        else:
            dialog.show_done(tr("Saved as {name}. Send it to whoever helps you.", name=QFileInfo(path).fileName()))
