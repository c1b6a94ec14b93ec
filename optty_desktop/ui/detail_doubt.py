"""What is not known about the link in the detail pane, and the ways out: check again, close it, confirm its host."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.detail_words import Doubt, may_check
from optty_desktop.ui.notice import Notice
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type
from optty_desktop.ui.words import tr


class DetailDoubt(QWidget):
    """The card, Check now, and Close by hand… where something waits for an answer that may never come.

    Confirm this host… stands where a link waits for somebody who knows where it leads.
    """

    check_wanted = Signal()
    settle_wanted = Signal()
    confirm_host_wanted = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_unknown = self._may_settle = self._wants_hint = self._has_problem = False
        self._notice = Notice(look, self)
        self._hint = Passage(look, Type.SMALL, ink="text_muted", parent=self)
        self._check = Button(look, tr("Check now"), icon="refresh-cw", parent=self)
        self._settle = Button(look, tr("Close by hand…"), ButtonKind.QUIET, parent=self)
        self._confirm_host = Button(look, tr("Confirm this host…"), parent=self)
        self._confirm_host.setObjectName("confirmHostButton")
        self._notice.setObjectName("detailNotice")
        self._hint.setObjectName("detailCheckHint")
        self._check.setObjectName("checkButton")
        self._settle.setObjectName("settleButton")
        column = QVBoxLayout(self)
        column.setContentsMargins(Space.PANE, 0, Space.PANE, 0)
        column.setSpacing(Space.FIELD)
        ways_out = QHBoxLayout()
        ways_out.setSpacing(Space.TIGHT)
        ways_out.addWidget(self._check, 1)
        ways_out.addWidget(self._settle)
        column.addWidget(self._notice)
        column.addWidget(self._hint)
        column.addLayout(ways_out)
        column.addWidget(self._confirm_host)
        self._check.clicked.connect(self.check_wanted)
        self._settle.clicked.connect(self.settle_wanted)
        self._confirm_host.clicked.connect(self.confirm_host_wanted)

    def steps(self) -> tuple[Button, ...]:
        """What can be done about it, the best first."""
        return (self._check, self._confirm_host)

    def show_link(
        self, link: PaymentLink, doubt: Doubt | None, *, is_paused: bool, waits_for_host: bool = False
    ) -> None:
        """Say what is not known; nothing is shown while all is known. While paused nothing can be checked."""
        self._confirm_host.setVisible(waits_for_host)
        self._is_unknown = link.state is LinkState.UNKNOWN
        self._notice.setVisible(doubt is not None)
        if doubt is not None:
            self._notice.show_words(doubt.title, doubt.text, doubt.strong)
        self._check.setVisible(may_check(link))
        # What has no name at the payment service is only ever checked by a person.
        is_followed = link.order_reference is not None
        self._hint.setText(
            tr("Checks by itself when the connection returns.")
            if is_followed
            else tr("Can be checked when the connection is back.")
        )
        self._wants_hint = may_check(link) and is_paused
        self._show_hint()
        if not self._check.is_busy:
            self._check.setEnabled(not is_paused)
        self._show_settle()
        self.setVisible(doubt is not None or self._is_unknown)

    def offer_settling(self, offered: bool) -> None:
        """Whether something of this link can be closed by hand, which needs no connection."""
        self._may_settle = offered
        self._show_settle()

    def set_checking(self, checking: bool) -> None:
        """Say that the link is being read, or give the buttons back."""
        if not checking:
            self._check.reset()
        elif self._check.isVisibleTo(self) and self._check.isEnabled():
            self._check.set_busy(tr("Checking this link…"))
        self._show_settle()

    def set_has_problem(self, has_problem: bool) -> None:
        """Another sentence of the pane says what to do; then the hint does not say something else."""
        self._has_problem = has_problem
        self._show_hint()

    def _show_hint(self) -> None:
        self._hint.setVisible(self._wants_hint and not self._has_problem)

    def _show_settle(self) -> None:
        # Away while the link is read: a create may be on its way again, and its words need the room.
        self._settle.setVisible(self._is_unknown and self._may_settle and not self._check.is_busy)
