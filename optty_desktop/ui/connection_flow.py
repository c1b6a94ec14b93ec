"""What is done with the section Connection: read the profile, ask, save it, test the line."""

import asyncio

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError
from optty_desktop.core.profile_changes import changes
from optty_desktop.core.profile_rules import RuleBroken
from optty_desktop.till.change_connection import Proposal
from optty_desktop.ui.connection_dialogs import LeaveChangesDialog, SaveConnectionDialog
from optty_desktop.ui.connection_page import ConnectionPage
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr, tr_n


class ConnectionFlow(QObject):
    """`sign_out_requested`: somebody wants what was saved to hold now."""

    sign_out_requested = Signal()

    def __init__(
        self,
        look: Look,
        page: ConnectionPage,
        environment: Environment,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        window: QWidget,
    ) -> None:
        super().__init__(page)
        self._look, self._page, self._window = look, page, window
        self._environment, self._tasks, self._verbs = environment, tasks, verbs
        self._is_working = False
        page.save_requested.connect(self._on_save)
        page.probe.requested.connect(self._on_test)
        page.sign_out_requested.connect(self.sign_out_requested)

    @property
    def is_changed(self) -> bool:
        """Whether something typed is not saved."""
        return self._page.form.is_changed

    def show_stored(self) -> None:
        """Read the profile anew, unless somebody is in the middle of changing it."""
        if not self.is_changed:
            self._tasks.start(self._show_stored(), owner=self, name="read profile")

    async def may_leave(self) -> bool:
        """Ask before what was typed is forgotten; it stays where the answer is no."""
        if not self.is_changed:
            return True
        dialog = LeaveChangesDialog(self._look, environment=self._environment.kind, parent=self._window)
        if not await ask_once(dialog):
            return False
        self._page.form.undo()
        return True

    def _on_save(self) -> None:
        if self._is_working:
            return
        if wrong := self._page.form.check_now():
            self._page.show_problem(tr_n("Fix {n} thing to continue", "Fix {n} things to continue", wrong))
            return
        self._is_working = True
        self._tasks.start(self._ask_and_save(), owner=self, name="ask to save profile")

    def _on_test(self) -> None:
        self._page.probe.set_busy()
        self._tasks.start(self._test(), owner=self, name="test connection")

    async def _show_stored(self) -> None:
        try:
            verb = (await self._verbs).change_connection
            stored = await verb.stored()
        except AppError as error:
            self._page.show_problem(sentence(error, Doing.SIGN_IN).text)
            return
        if self.is_changed:
            return
        if changes(verb.in_force, stored):
            self._page.show_saved(stored)
        else:
            self._page.form.show_profile(stored)

    async def _ask_and_save(self) -> None:
        proposal = None
        try:
            proposal = await self._agreed()
        except RuleBroken as broken:
            self._page.form.show_rule(broken)
        except AppError as error:
            self._page.show_problem(sentence(error, Doing.SAVE).text)
        finally:
            self._is_working = proposal is not None
        if proposal is not None:
            # Critical: whoever signs out or closes the window meanwhile waits until file and audit say the same.
            self._tasks.start(self._save(proposal), critical=True, name="save profile")

    async def _agreed(self) -> Proposal | None:
        """What somebody has said yes to; None for a no, and where nothing has changed."""
        proposal = await (await self._verbs).change_connection.propose(self._page.form.profile())
        if not proposal.changes:
            self._page.form.show_profile(proposal.after)
            self._page.show_hint(tr("Nothing has changed, so there is nothing to save."))
            return None
        is_agreed = await ask_once(SaveConnectionDialog(self._look, proposal, parent=self._window))
        return proposal if is_agreed else None

    async def _save(self, proposal: Proposal) -> None:
        try:
            await self._write(proposal)
        except AppError as error:
            self._page.show_problem(sentence(error, Doing.SAVE).text)
        else:
            self._page.show_saved(proposal.after)
        finally:
            self._is_working = False

    async def _write(self, proposal: Proposal) -> None:
        self._page.set_saving(True)
        try:
            await (await self._verbs).change_connection.save(proposal)
        finally:
            self._page.set_saving(False)

    async def _test(self) -> None:
        try:
            lines = await (await self._verbs).test_connection.run()
        except AppError as error:
            self._page.probe.show_problem(sentence(error, Doing.SIGN_IN).text)
            return
        self._page.probe.show_lines(lines)
