"""The way in: the sign-in window, what it asks the till to do, and what it says when that does not work."""

import asyncio
from collections.abc import Mapping
from typing import Literal

from PySide6.QtCore import QObject

from optty_desktop.core.environments import Credentials, Environment
from optty_desktop.core.errors import AppError, JournalDamaged, ProfileProblem, SignInRefused
from optty_desktop.core.ports import ProfileStore
from optty_desktop.till.import_routes import ImportRoutes
from optty_desktop.till.session import Session, TillIdentity
from optty_desktop.till.sign_in import SignIn
from optty_desktop.ui.entrance import TRAINING_ID, Entrance, sign_in_dialog
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.import_flow import ImportFlow
from optty_desktop.ui.rescue_flow import RescueFlow
from optty_desktop.ui.sign_in_dialog import SignInDialog, SignInRequest
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look

WayIn = Session | Literal["training"] | None


class SignInFlow(QObject):
    """Opens one sign-in window at a time. ``dialog`` is None while none is open."""

    def __init__(
        self,
        look: Look,
        verb: SignIn,
        environments: Mapping[str, Environment],
        identity: TillIdentity,
        tasks: TaskRunner,
        rescue: RescueFlow,
        profiles: ProfileStore,
        imports: ImportRoutes,
        *,
        with_training: bool = True,
    ) -> None:
        super().__init__()
        self._look, self._verb, self._tasks, self._rescue = look, verb, tasks, rescue
        self._profiles, self._imports = profiles, imports
        self._environments = dict(environments)
        self._identity = identity
        self._with_training = with_training
        self._answer: asyncio.Future[WayIn] | None = None
        self.dialog: SignInDialog | None = None

    async def ask(self, environment_id: str | None, entrance: Entrance | None = None) -> WayIn:
        """A session, "training", or None when the window was closed. ``entrance`` is a window that is there already."""
        self._answer = asyncio.get_running_loop().create_future()
        dialog = self.dialog = (
            entrance.hand_over()
            if entrance is not None
            else sign_in_dialog(
                self._look, self._environments.values(), environment_id, with_training=self._with_training
            )
        )
        dialog.submitted.connect(self._on_submitted)
        dialog.training_requested.connect(self._on_training_requested)
        dialog.environment_changed.connect(self._on_environment_changed)
        dialog.finished.connect(self._on_finished)
        importing = ImportFlow(self._look, dialog, self._imports, self._tasks)
        if entrance is None:
            dialog.show()
        else:
            self._take_up(entrance, importing)
        self._look_for_remembered(dialog)
        try:
            return await self._answer
        finally:
            self.dialog = None
            self._rescue.end()
            dialog.reset()
            dialog.hide()
            dialog.deleteLater()

    def show_problem(self, text: str, *, is_refused: bool = False) -> None:
        """Say on the open window what went wrong; `is_refused`: ID and secret were not accepted."""
        if self.dialog is not None:
            self.dialog.show_problem(text, is_refused=is_refused)

    def end(self) -> None:
        """Close the window as its cross would."""
        self._settle(None)

    def _on_submitted(self, request: SignInRequest) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(True)
        # Critical: the record must not stay open behind a window that is gone.
        self._tasks.start(self._sign_in(request), name="sign in", critical=True)

    def _on_training_requested(self) -> None:
        self._settle(TRAINING_ID)

    def _on_finished(self, _result: int) -> None:
        self._settle(None)

    def _on_environment_changed(self, _environment_id: str) -> None:
        if self.dialog is not None:
            self._look_for_remembered(self.dialog)

    def _take_up(self, entrance: Entrance, importing: ImportFlow) -> None:
        """Do what was asked before anybody could."""
        if entrance.is_closed:
            self._settle(None)
        elif entrance.wants_training:
            self._settle(TRAINING_ID)
        elif entrance.request is not None:
            self._on_submitted(entrance.request)
        elif entrance.files_to_import is not None:
            importing.begin(entrance.files_to_import)

    def _settle(self, way_in: WayIn) -> bool:
        if self._answer is None or self._answer.done():
            return False
        self._answer.set_result(way_in)
        return True

    async def _sign_in(self, request: SignInRequest) -> None:
        environment = self._environments[request.environment_id]
        try:
            environment = await self._as_stored(environment)
            credentials = await self._credentials(request)
            session = await self._enter(environment, credentials)
        except AppError as error:
            words = sentence(error, Doing.SIGN_IN, environment=environment.name).text
            self.show_problem(words, is_refused=isinstance(error, SignInRefused))
            return
        if not self._settle(session):
            # The window was closed meanwhile: nobody works here, and nothing is remembered.
            await session.close()
        elif request.remember:
            await self._verb.remember(environment.id, credentials)
        else:
            await self._verb.forget(environment.id)

    async def _as_stored(self, environment: Environment) -> Environment:
        """The profile as its file says now: an import or the settings may have changed it. Raises ProfileProblem."""
        stored = {one.id: one for one in await self._profiles.load()}
        found = stored.get(environment.id)
        if found is None or found.kind is not environment.kind:
            raise ProfileProblem(f"there is no environment {environment.id} of this kind any more")
        self._environments = stored
        return found

    async def _enter(self, environment: Environment, credentials: Credentials) -> Session:
        """Sign in, if need be on another record than the damaged one."""
        while True:
            try:
                return await self._verb.sign_in(environment, credentials, self._identity)
            except JournalDamaged:
                if self.dialog is None or not await self._rescue.ask(environment, self.dialog):
                    raise

    async def _credentials(self, request: SignInRequest) -> Credentials:
        """What was typed; an empty secret stands for the one in the keychain."""
        if not request.client_secret:
            remembered = await self._verb.remembered(request.environment_id)
            if remembered is not None and remembered.client_id == request.client_id:
                return remembered
        return Credentials(request.client_id, request.client_secret)

    def _look_for_remembered(self, dialog: SignInDialog) -> None:
        self._tasks.start(self._show_remembered(dialog), owner=dialog, name="look for remembered")

    async def _show_remembered(self, dialog: SignInDialog) -> None:
        environment_id = dialog.environment_id
        dialog.set_keychain_available(await self._verb.can_remember())
        if environment_id not in self._environments:
            return
        remembered = await self._verb.remembered(environment_id)
        # The keychain may answer late: what was typed meanwhile stays.
        if remembered is not None and dialog.environment_id == environment_id and dialog.is_untouched:
            dialog.set_remembered(remembered.client_id)
