"""The question before a host is trusted with customers: where it leads, written out, and how it reads."""

from PySide6.QtWidgets import QWidget

from optty_desktop.till.confirm_host import HostQuestion
from optty_desktop.ui.buttons import ButtonKind
from optty_desktop.ui.confirm_dialog import ConfirmDialog
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.request_line import RequestLine
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Space, Type, Weight
from optty_desktop.ui.words import tr, tr_n


class ConfirmHostDialog(ConfirmDialog):
    """Accepted means: payment links may lead to this host from now on."""

    def __init__(self, look: Look, question: HostQuestion, *, environment: str, parent: QWidget | None = None) -> None:
        super().__init__(look, "confirmHost", environment=environment, parent=parent)
        self.question = question
        self.set_heading(tr("Send customers to this host?"), icon="triangle-alert", ink="warning", bar=True)
        self._text.setText(
            tr(
                "Compare it letter by letter with what the payment service gave you in writing. Whoever owns it can "
                "show your customers a page that asks for their card."
            )
        )
        self.add(self._text, Space.TIGHT)
        self._add_host(tr("As it is written"), question.host, "hostWritten")
        if question.reads_as != question.host:
            self._add_host(tr("As it reads"), question.reads_as, "hostReads")
        self._add_line(
            tr_n("{n} link waits for it.", "{n} links wait for it.", question.waiting), Space.ROW, "hostWaiting"
        )
        self.body.addSpacing(Space.TIGHT)
        self.add_keep(tr("Keep it held back"), ButtonKind.PRIMARY)
        self._confirm = self.add_confirm(tr("Confirm this host"), ButtonKind.SECONDARY)

    def set_sending(self) -> None:
        """Both answers off until it is written down."""
        super().set_sending()
        self._confirm.set_busy(tr("Writing it down…"))

    def set_problem(self, text: str) -> None:
        """Say why nothing was confirmed; it can be tried again."""
        self._confirm.reset()
        super().set_problem(text)

    def _add_host(self, label: str, host: str, name: str) -> None:
        words = Passage(self._look, Type.SMALL, weight=Weight.SEMIBOLD, figures=False, parent=self)
        words.setText(label)
        self.add(words, Space.ROW)
        line = RequestLine(self._look, self)
        line.setObjectName(name)
        line.show_request(host)
        self.add(line, Space.LABEL)

    def _add_line(self, text: str, above: int, name: str) -> None:
        line = Passage(self._look, Type.BODY, parent=self)
        line.setObjectName(name)
        line.setText(text)
        self.add(line, above)
