"""What is done with the section Instant status: look whether this till is paired, pair it, check it, end it."""

import asyncio

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError
from optty_desktop.core.hint_way import HintWay
from optty_desktop.core.pairing import RelayPairing
from optty_desktop.core.pairing_text import PairingLink
from optty_desktop.core.relay_failures import NotPaired
from optty_desktop.ui.message import MessageKind
from optty_desktop.ui.relay_dialogs import UnpairDialog
from optty_desktop.ui.relay_page import RelayPage
from optty_desktop.ui.relay_words import failure_words
from optty_desktop.ui.tasks import TaskRunner, ask_once
from optty_desktop.ui.theme import Look
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.words import tr


class RelayFlow(QObject):
    """Nothing of it is asked for before the section is shown."""

    def __init__(
        self,
        look: Look,
        page: RelayPage,
        environment: Environment,
        tasks: TaskRunner,
        verbs: asyncio.Future[Verbs],
        window: QWidget,
    ) -> None:
        super().__init__(page)
        self._look, self._page, self._window = look, page, window
        self._environment, self._tasks, self._verbs = environment, tasks, verbs
        self._is_working = False
        page.retry_requested.connect(self.show_stored)
        page.form.submitted.connect(self._on_pair)
        page.card.check_requested.connect(self._on_check)
        page.card.unpair_requested.connect(self._on_unpair)

    def show_stored(self) -> None:
        """Look in the keychain anew, unless something is going on."""
        if not self._is_working:
            self._tasks.start(self._show_stored(), owner=self, name="look for pairing")

    def _on_pair(self, link: PairingLink) -> None:
        if not self._is_working:
            self._is_working = True
            self._page.form.set_busy(True)
            # Critical: ended in its middle it would have used the code up for nothing.
            self._tasks.start(self._pair(link), critical=True, name="pair")

    def _on_check(self) -> None:
        if not self._is_working:
            self._is_working = True
            self._page.card.set_busy(True)
            self._tasks.start(self._check(), owner=self, name="check relay")

    def _on_unpair(self) -> None:
        if not self._is_working:
            self._is_working = True
            self._tasks.start(self._unpair(), owner=self, name="unpair")

    async def _show_stored(self) -> None:
        try:
            pairing = await (await self._verbs).pair_relay.pairing()
        except AppError as error:
            self._page.show_blocked(self._words(error))
            return
        if self._is_working:
            return
        self._page.card.clear_message()
        if pairing is None:
            self._page.show_form()
        else:
            await self._show_pairing(pairing)

    async def _show_pairing(self, pairing: RelayPairing) -> None:
        verbs = await self._verbs
        now = verbs.session.clock.now()
        is_heard = verbs.follow_status.line.news in (HintWay.LIVE, HintWay.HELD_BACK)
        self._page.card.show_pairing(pairing, now if is_heard else verbs.pair_relay.heard_at, now)
        self._page.show_card()

    async def _pair(self, link: PairingLink) -> None:
        form, card = self._page.form, self._page.card
        try:
            pairing = await (await self._verbs).pair_relay.pair(link.url, link.code)
        except AppError as error:
            form.set_busy(False)
            form.show_failure(error, self._words(error, link.url))
            return
        finally:
            self._is_working = False
            form.set_busy(False)
        form.forget_code()
        await self._show_pairing(pairing)
        card.say(tr("Paired. Payments now show up here as soon as they are made."), MessageKind.SUCCESS)
        self._page.focus_on(card.first())

    async def _check(self) -> None:
        card = self._page.card
        try:
            pairing = await (await self._verbs).pair_relay.check()
        except AppError as error:
            if isinstance(error, NotPaired):
                card.show_lost()
            card.say(self._words(error), MessageKind.ERROR)
        else:
            await self._show_pairing(pairing)
            card.say(tr("All is well: the relay answers and knows this till."), MessageKind.SUCCESS)
        finally:
            self._is_working = False
            card.set_busy(False)

    async def _unpair(self) -> None:
        card, form = self._page.card, self._page.form
        try:
            if not await ask_once(UnpairDialog(self._look, self._environment, parent=self._window)):
                return
            await (await self._verbs).pair_relay.unpair()
        except AppError as error:
            card.say(self._words(error), MessageKind.ERROR)
            return
        finally:
            self._is_working = False
        card.clear_message()
        self._page.show_form()
        form.show_hint(tr("This till is not paired any more."))
        self._page.focus_on(form.first())

    def _words(self, error: AppError, tried: str = "") -> str:
        return failure_words(error, self._environment.name, tried)
