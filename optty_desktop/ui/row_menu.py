"""The menu of a row: what the detail pane offers, within reach of the Menu key."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QWidget

from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.links import PaymentLink, RowAction, may_copy_address, row_action
from optty_desktop.ui.detail_flow import DetailFlow
from optty_desktop.ui.detail_words import may_check
from optty_desktop.ui.link_sharing import LinkSharing
from optty_desktop.ui.menu import Menu
from optty_desktop.ui.money_flow import MoneyFlow
from optty_desktop.ui.settle_flow import SettleFlow
from optty_desktop.ui.status_watch import StatusWatch
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

_Entry = tuple[str, Callable[[str], None], bool]
"""The words, what is done with the invoice number, and whether it can be chosen."""


class RowMenu(QObject):
    """Built anew each time, from the state the link has at that moment."""

    def __init__(
        self,
        look: Look,
        pane: QWidget,
        book: LinkBook,
        sharing: LinkSharing,
        money: MoneyFlow,
        settle: SettleFlow,
        detail: DetailFlow,
        watch: StatusWatch,
        tasks: TaskRunner,
        *,
        refund_is_possible: bool,
    ) -> None:
        super().__init__(pane)
        self._watch, self._refund_is_possible = watch, refund_is_possible
        self._look, self._pane, self._book = look, pane, book
        self._sharing, self._money, self._settle, self._detail = sharing, money, settle, detail
        self._tasks = tasks

    def open(self, invoice_number: str, where: QPoint) -> None:
        """Show the menu of that link at a point of the screen."""
        link = self._book.find(invoice_number)
        if link is None:
            return
        if row_action(link) is RowAction.CHECK:
            # Only the record knows whether anything waits for an answer.
            self._tasks.start(self._open_doubtful(invoice_number, where), owner=self, name="row menu")
        else:
            self._open(link, self._entries(link), where)

    async def _open_doubtful(self, invoice_number: str, where: QPoint) -> None:
        is_offered = await self._settle.is_offered(invoice_number)
        link = self._book.find(invoice_number)
        if link is None:
            return
        entries = self._entries(link)
        if is_offered:
            entries.append((tr("Close by hand…"), self._settle.settle, True))
        self._open(link, entries, where)

    def _open(self, link: PaymentLink, entries: Sequence[_Entry], where: QPoint) -> None:
        menu = Menu(self._look, "rowMenu", self._pane)
        menu.aboutToHide.connect(menu.deleteLater)
        for text, action, is_on in entries:
            entry = menu.addAction(text)
            entry.setEnabled(is_on)
            entry.triggered.connect(lambda _checked=False, act=action: act(link.invoice_number))
        menu.open_at(where)

    def _entries(self, link: PaymentLink) -> list[_Entry]:
        can_share = link.is_open and link.url is not None
        offered, is_paused = row_action(link), self._watch.is_paused
        may_send = self._refund_is_possible and not is_paused and not self._watch.is_held_back
        entries: list[_Entry] = [
            (tr("Copy link"), self._sharing.copy_link, may_copy_address(link)),
            (tr("Copy message"), self._sharing.copy_message, can_share),
            (tr("Show to customer"), self._sharing.show_to_customer, can_share),
        ]
        if offered in (RowAction.CANCEL, RowAction.CANCEL_OFF):
            entries.append((tr("Cancel link…"), self._money.cancel, may_send and offered is RowAction.CANCEL))
        elif offered is RowAction.REFUND:
            entries.append((tr("Refund…"), self._money.refund, may_send))
        elif offered is RowAction.CHECK:
            entries.append((tr("Check now"), self._detail.check, may_check(link) and not is_paused))
        return entries
