"""The card people sign in on: where to work, the import, client ID and secret, and the two ways in."""

from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from optty_desktop.ui.buttons import Button, ButtonKind, IconButton
from optty_desktop.ui.card import Card
from optty_desktop.ui.card_numbers import card_number_problem
from optty_desktop.ui.check_box import CheckBox
from optty_desktop.ui.environment_combo import EnvironmentChoice, EnvironmentCombo
from optty_desktop.ui.environment_kinds import LIVE, TRAINING
from optty_desktop.ui.field import Field
from optty_desktop.ui.icon_view import IconView
from optty_desktop.ui.import_area import ImportArea
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.message import Message, MessageKind, plain_label
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Radius, Space, Type, Weight
from optty_desktop.ui.words import tr

_WIDTH = 742
_NARROW = 560
_TITLE_PX = 22
_SIGN = 44
_SIGN_ICON = 24
_DOT_SPACING = 3
_ROOM_FOR_WORDS = 2 * Type.SMALL.line


class SignInRequest(NamedTuple):
    """What was asked for. An empty `client_secret` stands for the secret kept in the keychain for `client_id`."""

    environment_id: str
    client_id: str
    client_secret: str
    remember: bool

    def __repr__(self) -> str:
        """Hides the secret from logs and tracebacks."""
        return f"SignInRequest({self.environment_id!r}, {self.client_id!r}, …, remember={self.remember})"


class SignInForm(Card):
    """Emits `submitted(SignInRequest)` for Sandbox and Live, `training_requested` for Training."""

    submitted = Signal(object)
    training_requested = Signal()
    environment_changed = Signal(str)

    def __init__(
        self,
        look: Look,
        environments: Sequence[EnvironmentChoice],
        *,
        keychain_available: bool,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(look, parent)
        self._look = look
        self._kept_id = ""
        self._is_narrow = False
        self._has_pressed = False
        self._has_small_dots = False
        self._may_practise = any(choice.kind == TRAINING for choice in environments)
        self._environment = EnvironmentCombo(look, environments, self)
        self._client_id = LineEdit(look, "", self)
        self._secret = LineEdit(look, "", self)
        self._show_secret = IconButton(look, "eye", tr("Show secret"), self._secret)
        self._remember = CheckBox(look, tr("Remember on this computer"), parent=self)
        self._message = Message(look, "loginErrorLabel", self)
        self._training = Button(look, tr("Practise without an account"), icon="graduation-cap", main=True, parent=self)
        self._sign_in = Button(look, "", ButtonKind.PRIMARY, main=True, parent=self)
        field = partial(Field, look, parent=self)
        self._id_field = field(
            tr("Client ID"), self._client_id, name="clientId", check=self._id_problem, keeps_room=True
        )
        self._secret_field = field(tr("Client secret"), self._secret, name="clientSecret", check=self._secret_problem)
        self.import_area = ImportArea(look, self)
        """Where addresses and credentials can be taken from files; not for training."""
        self._credentials = QWidget(self)
        self._remember_row = QWidget(self)
        self._buttons = QHBoxLayout()
        self._column = QVBoxLayout(self)
        self._set_up(keychain_available=keychain_available)
        self._lay_out()
        # Training comes first in the list, and is for those who choose it.
        usual = [one for one in environments if one.kind == LIVE] or [
            one for one in environments if one.kind != TRAINING
        ]
        if usual:
            self._environment.select(usual[0].id)
        self._show_environment()
        self._connect()

    def choice(self) -> EnvironmentChoice:
        """The environment chosen."""
        return self._environment.current_choice()

    def select_environment(self, environment_id: str) -> None:
        """Chooses an environment; an unknown id changes nothing."""
        self._environment.select(environment_id)

    def set_busy(self, busy: bool, words: str = "") -> None:
        """Says that the answer is awaited and takes no further input, or opens the form again."""
        if busy == self._sign_in.is_busy:
            return
        if busy:
            self._message.clear()
            self._sign_in.set_busy(words or self._busy_words())
        else:
            self._sign_in.reset()
        for widget in (self._environment, self.import_area, self._credentials, self._remember_row, self._training):
            widget.setEnabled(not busy)
        if not busy:
            self.focus_first()

    def show_problem(self, text: str, *, is_refused: bool = True) -> None:
        """Shows why it did not work. `is_refused`: what was typed was not accepted, so the secret is marked."""
        self._message.show_text(text, MessageKind.ERROR)
        self._secret.set_wrong(is_refused)
        self._secret.setAccessibleDescription(text if is_refused else "")

    @property
    def is_untouched(self) -> bool:
        """Whether ID and secret stand as the program left them."""
        return self._client_id.text() == self._kept_id and not self._secret.text()

    @property
    def may_import(self) -> bool:
        """Whether files can be taken now."""
        return not self._is_training() and not self._sign_in.is_busy

    def fill(self, client_id: str, client_secret: str) -> None:
        """Puts in what was found, the secret masked; what was not found stays as it was typed."""
        if client_id:
            self._client_id.setText(client_id)
        if client_secret:
            self._secret.setText(client_secret)
            self._mask(hidden=True)
        self._clear_problems()
        self._show_kept()
        if self._client_id.text() and self._secret.text():
            self._sign_in.setFocus()
        else:
            self.focus_first()

    def reset(self) -> None:
        """Empties the secret, masks it again and takes messages away."""
        self.set_busy(False)
        self.import_area.clear_result()
        self._secret.clear()
        self._forget_typing()
        self._mask(hidden=True)
        self._clear_problems()

    def set_remembered(self, client_id: str) -> None:
        """Shows an ID whose secret is in the keychain, so that the secret may stay empty; "" forgets it."""
        self._kept_id = client_id
        self._client_id.setText(client_id)
        self._remember.setChecked(bool(client_id) and self._remember.isEnabled())
        self._secret.clear()
        self._show_kept()

    def set_keychain_available(self, available: bool) -> None:
        """Opens or closes the box for remembering; this is known only some moments after the first paint."""
        self._remember.setEnabled(available)
        kept = tr("in the system keychain, never in a file")
        self._remember.set_hint(kept if available else tr("No keychain on this computer"))

    def focus_first(self) -> None:
        """Puts the cursor where something is still missing."""
        if self._is_training() or (self._client_id.text() and self._may_leave_secret_empty()):
            self._sign_in.setFocus()
        elif self._client_id.text():
            self._secret.setFocus()
        else:
            self._client_id.setFocus()

    def fit_width(self, available: int) -> None:
        """Takes up to 742 px; below 560 the buttons stand one above the other and the margins shrink."""
        width = min(_WIDTH, available)
        self.setFixedWidth(width)
        narrow = width < _NARROW
        if narrow == self._is_narrow:
            return
        self._is_narrow = narrow
        edge = Space.PANE if narrow else Space.WIDE
        self._column.setContentsMargins(edge, Space.PANE if narrow else 25, edge, Space.PANE if narrow else 22)
        way = QBoxLayout.Direction.BottomToTop if narrow else QBoxLayout.Direction.LeftToRight
        self._buttons.setDirection(way)
        self.import_area.set_narrow(narrow)

    def _busy_words(self) -> str:
        return tr("Starting training…") if self._is_training() else tr("Signing in…")

    def _is_training(self) -> bool:
        return self.choice().kind == TRAINING

    def _may_leave_secret_empty(self) -> bool:
        return bool(self._kept_id) and self._client_id.text() == self._kept_id

    def _id_problem(self, text: str) -> str | None:
        if text or not self._is_due(self._client_id):
            return card_number_problem(text)
        return tr("Enter the client ID")

    def _secret_problem(self, text: str) -> str | None:
        if text or self._may_leave_secret_empty() or not self._is_due(self._secret):
            return card_number_problem(text)
        return tr("Enter the client secret")

    def _is_due(self, line: LineEdit) -> bool:
        """Whether it is missed: nobody is told so for passing by a line without typing in it."""
        return self._has_pressed or line.isModified()

    def _on_submit(self) -> None:
        if self._is_training():
            self.training_requested.emit()
            return
        self._has_pressed = True
        fields = (self._id_field, self._secret_field)
        wrong = [field for field in fields if not field.check_now()]
        if wrong:
            wrong[0].editor.setFocus()
            return
        self._clear_problems()
        self.submitted.emit(
            SignInRequest(self.choice().id, self._client_id.text(), self._secret.text(), self._remember.isChecked())
        )

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The shadow is painted below, by what holds the card."""
        super().resizeEvent(event)
        ground = self.parentWidget()
        if ground is not None:
            ground.update()

    def _on_environment_changed(self) -> None:
        # What opens one environment never stands ready to be sent to another.
        self.set_remembered("")
        self._forget_typing()
        self.import_area.clear_result()
        self._clear_problems()
        self._show_environment()
        self.environment_changed.emit(self.choice().id)

    def _show_environment(self) -> None:
        choice = self.choice()
        training = self._is_training()
        for widget in (self.import_area, self._credentials, self._remember_row):
            if widget.isHidden() != training:
                widget.setVisible(not training)
        self._training.setVisible(not training and self._may_practise)
        words = tr("Start training") if training else tr("Sign in to {environment}", environment=choice.name)
        self._sign_in.setText(words)

    def _on_edited(self, text: str) -> None:
        editor = self.sender()
        if isinstance(editor, LineEdit) and text != text.strip():
            editor.setText(text.strip())
            editor.setModified(True)
        if self._message.kind is not None:
            self._clear_problems()
        self._show_kept()

    def _on_show_secret(self) -> None:
        self._mask(hidden=self._secret.echoMode() is QLineEdit.EchoMode.Normal)

    def _mask(self, *, hidden: bool) -> None:
        self._secret.setEchoMode(QLineEdit.EchoMode.Password if hidden else QLineEdit.EchoMode.Normal)
        self._show_secret.set_icon("eye" if hidden else "eye-off", tr("Show secret") if hidden else tr("Hide secret"))
        self._space_dots()

    def _space_dots(self) -> None:
        """Sets the dots of a hidden secret wide."""
        font = self._look.font(Type.BODY)
        if self._secret.text() and self._secret.echoMode() is QLineEdit.EchoMode.Password:
            self._use_small_dots()
            font.setLetterSpacing(font.SpacingType.AbsoluteSpacing, _DOT_SPACING)
        self._secret.setFont(font)

    def _use_small_dots(self) -> None:
        # The sheet has the dot; a line without it would choose a larger one.
        if not self._has_small_dots:
            self._has_small_dots = True
            self._look.sheet(self._secret)

    def _show_kept(self) -> None:
        self._secret.setPlaceholderText(tr("Kept in the system keychain") if self._may_leave_secret_empty() else "")
        self._space_dots()

    def _forget_typing(self) -> None:
        """The form is as new: what is missing is not missed yet."""
        self._has_pressed = False
        for line in (self._client_id, self._secret):
            line.setModified(False)

    def _clear_problems(self) -> None:
        self._message.clear()
        self._id_field.set_error(None)
        self._secret_field.set_error(None)

    def _set_up(self, *, keychain_available: bool) -> None:
        self._show_secret.setObjectName("showSecretButton")
        self._secret.set_trailing(self._show_secret)
        hidden = Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        self._secret.setInputMethodHints(hidden | Qt.InputMethodHint.ImhHiddenText)
        self._client_id.setInputMethodHints(hidden | Qt.InputMethodHint.ImhNoAutoUppercase)
        self._mask(hidden=True)
        for line in (self._client_id, self._secret):
            # A file dropped on a line is for the import, and not its address to be typed.
            line.setAcceptDrops(False)
        self._client_id.setFont(self._look.font(Type.BODY, figures=True))
        self._remember.setObjectName("rememberCheck")
        self.set_keychain_available(keychain_available)
        self._training.setObjectName("trainingButton")
        self._sign_in.setObjectName("signInButton")
        self._sign_in.setDefault(True)

    def _connect(self) -> None:
        self._environment.currentIndexChanged.connect(self._on_environment_changed)
        self._client_id.textEdited.connect(self._on_edited)
        self._secret.textEdited.connect(self._on_edited)
        self._show_secret.clicked.connect(self._on_show_secret)
        self._training.clicked.connect(self.training_requested)
        self._sign_in.clicked.connect(self._on_submit)
        order = (
            self._environment,
            self.import_area.button,
            self._client_id,
            self._secret,
            self._show_secret,
            self._remember,
        )
        for before, after in zip(order, (*order[1:], self._training), strict=True):
            QWidget.setTabOrder(before, after)
        QWidget.setTabOrder(self._training, self._sign_in)

    def _lay_out(self) -> None:
        column = self._column
        column.setContentsMargins(Space.WIDE, 25, Space.WIDE, 22)
        column.setSpacing(0)
        column.addLayout(self._heading())
        column.addSpacing(19)
        column.addWidget(Field(self._look, tr("Where do you want to work?"), self._environment, name="environment"))
        column.addSpacing(14)
        column.addWidget(self.import_area)
        remember = QVBoxLayout(self._remember_row)
        remember.setContentsMargins(0, 0, 0, 0)
        remember.addWidget(self._remember)
        fields = QVBoxLayout(self._credentials)
        fields.setContentsMargins(0, Space.FIELD, 0, 0)
        fields.setSpacing(Space.TIGHT)
        fields.addWidget(self._id_field)
        fields.addWidget(self._secret_field)
        column.addWidget(self._credentials)
        column.addWidget(self._said())
        column.addWidget(self._remember_row)
        column.addSpacing(14)
        self._buttons.setSpacing(Space.ROW)
        self._buttons.addWidget(self._training, 0)
        self._buttons.addWidget(self._sign_in, 1)
        column.addLayout(self._buttons)

    def _said(self) -> QWidget:
        """Room for what is wrong, kept free until then: what is said must not push the buttons from under a finger."""
        room = QWidget(self)
        room.setMinimumHeight(_ROOM_FOR_WORDS)
        column = QVBoxLayout(room)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for message in (self._secret_field.lend_message(), self._message):
            column.addWidget(message)
        column.addStretch(1)
        return room

    def _heading(self) -> QHBoxLayout:
        sign = IconView(self._look, "link", "on_accent", _SIGN_ICON, self, box=_SIGN)
        sign.set_ground("accent", Radius.FIELD)
        title = plain_label(tr("Sign in to Payment Links"), self._look, Type.TITLE, parent=self)
        title.setFont(self._look.font_px(_TITLE_PX, Weight.SEMIBOLD))
        hint = tr("Once per shop, with the ID and secret of your payment account.")
        words = QVBoxLayout()
        words.setSpacing(0)
        for label in (title, plain_label(hint, self._look, Type.SMALL, ink="text_muted", parent=self)):
            label.setWordWrap(True)
            words.addWidget(label)
        row = QHBoxLayout()
        row.setSpacing(14)
        row.addWidget(sign, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        return row
