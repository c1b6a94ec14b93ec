"""Into the settings and back. What they are made of is loaded when somebody asks for them, not with the window."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QShortcut
from PySide6.QtWidgets import QDialog, QWidget

from optty_desktop.core.change_log import Release
from optty_desktop.core.environments import Environment
from optty_desktop.till.sounds import Sounds
from optty_desktop.ui.about import About
from optty_desktop.ui.main_window import MainWindow
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.wardrobe import Wardrobe
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from optty_desktop.ui.connection_flow import ConnectionFlow
    from optty_desktop.ui.relay_flow import RelayFlow
    from optty_desktop.ui.settings_page import SettingsPage

_FIRST_OPEN = "settingsConnectionButton"
"""What somebody looks for whose till does not work."""

_ABOUT = "settingsAboutButton"


class SettingsFlow(QObject):
    """`sign_out_requested`: somebody wants what was saved to hold now."""

    sign_out_requested = Signal()

    def __init__(
        self,
        look: Look,
        window: MainWindow,
        environment: Environment,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        about: About,
        sounds: Sounds,
        wardrobe: Wardrobe,
    ) -> None:
        super().__init__(window)
        self._look, self._window, self._environment = look, window, environment
        self._tasks, self._verbs, self._about = tasks, verbs, about
        self._sounds, self._wardrobe = sounds, wardrobe
        self._payments: QWidget | None = None
        self._page: SettingsPage | None = None
        self._connection: ConnectionFlow | None = None
        self._relay: RelayFlow | None = None
        self._is_leaving = False
        self._keys: list[QShortcut] = []
        window.header.settings_requested.connect(self.open)
        window.header.payments_requested.connect(self.close)
        window.header.about_requested.connect(self.open_about)
        if about.updates is not None:
            about.updates.changed.connect(self._show_update)
            self._show_update()

    @property
    def is_shown(self) -> bool:
        """Whether the settings stand in the window."""
        return self._page is not None and self._page.isVisible()

    def rest_keys(self, keys: list[QShortcut]) -> None:
        """These do nothing while the settings are shown: a key must not act on a link that nobody sees."""
        self._keys = keys

    def open(self) -> None:
        """Put the settings in the window, with the keyboard in their list."""
        if self._page is None:
            self._page = self._build()
        if not self.is_shown:
            self._window.bring(self._page)
            self._show(True)
            if self._connection is not None:
                self._connection.show_stored()
            if self._relay is not None:
                self._relay.show_stored()
        self._window.focus_page()

    def open_about(self) -> None:
        """Put the section About in the window."""
        self.open()
        if self._page is not None:
            self._page.open(_ABOUT)

    def close(self, after: Callable[[], object] | None = None) -> None:
        """Go back to the payments, and do what was wanted there; something typed and not saved is asked about first."""
        if not self.is_shown:
            if after is not None:
                after()
        elif not self._is_leaving:
            self._is_leaving = True
            self._tasks.start(self._leave(after), owner=self, name="leave settings")

    async def may_leave(self) -> bool:
        """Whether nothing typed would be lost, or somebody wants it lost."""
        return self._connection is None or await self._connection.may_leave()

    def end(self) -> None:
        """Nothing is pressed any more."""
        if self._page is not None:
            self._page.setEnabled(False)
        if self._connection is not None:
            self._tasks.end(self._connection)
        if self._relay is not None:
            self._tasks.end(self._relay)

    async def _leave(self, after: Callable[[], object] | None) -> None:
        try:
            is_free = await self.may_leave()
        finally:
            self._is_leaving = False
        self._show(not is_free)
        if is_free:
            self._window.bring_payments()
            if after is not None:
                after()

    def _show(self, shown: bool) -> None:
        self._window.header.show_settings(shown)
        for key in self._keys:
            key.setEnabled(not shown)

    def _build(self) -> "SettingsPage":
        from optty_desktop.ui.about_page import AboutPage
        from optty_desktop.ui.connection_flow import ConnectionFlow
        from optty_desktop.ui.connection_page import ConnectionPage, connection_page
        from optty_desktop.ui.relay_flow import RelayFlow
        from optty_desktop.ui.relay_page import RelayPage, relay_page
        from optty_desktop.ui.settings_page import Section, SettingsPage
        from optty_desktop.ui.sound_flow import SoundFlow
        from optty_desktop.ui.sound_page import SoundPage
        from optty_desktop.ui.theme_flow import ThemeFlow
        from optty_desktop.ui.theme_page import ThemePage

        connection = connection_page(self._look, self._environment, self._about.policy)
        about = AboutPage(self._look, self._about)
        about.licence_wanted.connect(self._show_licence)
        about.news_wanted.connect(self._show_news)
        if isinstance(connection, ConnectionPage):
            self._connection = ConnectionFlow(
                self._look, connection, self._environment, self._tasks, self._verbs, self._window
            )
            self._connection.sign_out_requested.connect(self.sign_out_requested)
        relay = relay_page(self._look, self._environment)
        if isinstance(relay, RelayPage):
            self._relay = RelayFlow(self._look, relay, self._environment, self._tasks, self._verbs, self._window)
        sound_page = SoundPage(self._look)
        SoundFlow(sound_page, self._sounds, self._tasks)
        theme_page = ThemePage(self._look)
        ThemeFlow(theme_page, self._wardrobe, self._tasks)
        sections = (
            Section("palette", tr("Appearance"), "settingsAppearanceButton", theme_page),
            Section("bell", tr("Sounds and alerts"), "settingsSoundsButton", sound_page),
            Section("plug", tr("Connection"), "settingsConnectionButton", connection),
            Section("refresh-cw", tr("Instant status"), "settingsRelayButton", relay),
            Section("info", tr("About"), "settingsAboutButton", about),
        )
        page = SettingsPage(self._look, sections)
        page.open(_FIRST_OPEN)
        return page

    def _show_licence(self, title: str, file: Path) -> None:
        from optty_desktop.ui.licence_dialog import LicenceDialog

        dialog: QDialog = LicenceDialog(
            self._look, title, file, environment=self._environment.kind, parent=self._window
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_news(self, releases: Sequence[Release]) -> None:
        from optty_desktop.ui.news_dialog import NewsDialog

        dialog: QDialog = NewsDialog(self._look, releases, environment=self._environment.kind, parent=self._window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _show_update(self) -> None:
        updates = self._about.updates
        ready = updates.ready if updates is not None else None
        self._window.header.show_update(str(ready) if ready is not None else "")
