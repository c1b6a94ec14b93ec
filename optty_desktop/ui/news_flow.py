"""What changed with an update, told once, when nobody is being served."""

from collections.abc import Sequence

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from optty_desktop.core.change_log import Release
from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.till.whats_new import WhatsNew
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.news_dialog import NewsDialog
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look


class NewsFlow(QObject):
    """Belongs to ``window``. What could not be told now, since somebody is at work, is told after the next start."""

    def __init__(
        self,
        look: Look,
        window: MainWindow,
        page: PaymentsPage,
        kind: EnvironmentKind,
        tasks: TaskRunner,
        whats_new: WhatsNew,
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._page, self._kind = look, window, page, kind
        self._tasks, self._whats_new = tasks, whats_new

    def begin(self) -> None:
        """The window works: tell what is new, if anything is."""
        self._tasks.start(self._tell(), owner=self, name="what is new")

    async def _tell(self) -> None:
        news = await self._whats_new.unseen()
        if news and self._is_quiet():
            self._show(news)
            await self._whats_new.mark_seen()

    def _is_quiet(self) -> bool:
        """Whether nobody serves a customer: an empty form in the window, nothing opened, and nothing asked."""
        page = self._page
        is_at_rest = page.isVisible() and page.form.is_untouched() and not page.is_ready_shown and not page.has_detail
        return is_at_rest and QApplication.activeModalWidget() is None and QApplication.activePopupWidget() is None

    def _show(self, releases: Sequence[Release]) -> None:
        dialog = NewsDialog(self._look, releases, environment=self._kind, parent=self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
