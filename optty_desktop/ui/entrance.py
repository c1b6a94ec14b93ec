"""The first sign-in window: on the screen before anything that can answer it is loaded."""

from collections.abc import Iterable
from pathlib import Path
from typing import Final

from PySide6.QtCore import QObject

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.ui.environment_combo import EnvironmentChoice
from optty_desktop.ui.sign_in_dialog import SignInDialog, SignInRequest
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

TRAINING_ID: Final = "training"


class Entrance(QObject):
    """Shows the window, and keeps what is asked of it until somebody takes it over."""

    def __init__(
        self,
        look: Look,
        environments: Iterable[Environment],
        environment_id: str | None,
        *,
        with_training: bool = True,
    ) -> None:
        super().__init__()
        self.dialog = sign_in_dialog(look, environments, environment_id, with_training=with_training)
        self.request: SignInRequest | None = None
        self.wants_training = False
        self.files_to_import: tuple[Path, ...] | None = None
        self.is_closed = False
        self.is_painted = False
        self.dialog.painted.connect(self._on_painted)
        self.dialog.submitted.connect(self._on_submitted)
        self.dialog.training_requested.connect(self._on_training_requested)
        self.dialog.import_requested.connect(self._on_import_requested)
        self.dialog.finished.connect(self._on_finished)
        self.dialog.show()

    def hand_over(self) -> SignInDialog:
        """Let go of the window; what was asked of it until now stays in ``request`` and its neighbours."""
        self.dialog.submitted.disconnect(self._on_submitted)
        self.dialog.training_requested.disconnect(self._on_training_requested)
        self.dialog.import_requested.disconnect(self._on_import_requested)
        self.dialog.finished.disconnect(self._on_finished)
        return self.dialog

    def _on_painted(self) -> None:
        self.is_painted = True

    def _on_submitted(self, request: SignInRequest) -> None:
        self.request = request
        self.dialog.set_busy(True)

    def _on_training_requested(self) -> None:
        self.wants_training = True

    def _on_import_requested(self, files: tuple[Path, ...]) -> None:
        self.files_to_import = files

    def _on_finished(self, _result: int) -> None:
        self.is_closed = True


def sign_in_dialog(
    look: Look, environments: Iterable[Environment], environment_id: str | None, *, with_training: bool = True
) -> SignInDialog:
    """Make the sign-in window for these environments, and for training if it is allowed, the one of that id chosen."""
    training = EnvironmentChoice(
        TRAINING_ID, tr("Training"), EnvironmentKind.TRAINING, tr("Pretend payments, works without internet")
    )
    choices = [training] if with_training else []
    choices += [_choice(environment) for environment in environments]
    dialog = SignInDialog(look, choices, keychain_available=False)
    if environment_id is not None:
        dialog.select_environment(environment_id)
    return dialog


def _choice(environment: Environment) -> EnvironmentChoice:
    is_live = environment.kind is EnvironmentKind.LIVE
    hint = tr("Real customers and real money") if is_live else tr("Test account of your payment provider")
    return EnvironmentChoice(environment.id, environment.name, environment.kind, hint)
