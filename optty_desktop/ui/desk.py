"""The desk: what the panes ask for becomes what the till does, and what the till learns becomes what the panes show."""

import asyncio
from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint
from PySide6.QtWidgets import QApplication

from optty_desktop.core.environments import Environment
from optty_desktop.core.errors import AppError, JournalProblem
from optty_desktop.core.hints import FeedTrouble
from optty_desktop.core.link_book import LinkBook
from optty_desktop.core.network import Way
from optty_desktop.core.ports import Clock
from optty_desktop.till.line import Line
from optty_desktop.till.session import TillIdentity
from optty_desktop.ui.about import About
from optty_desktop.ui.alerts import Alerts
from optty_desktop.ui.banner import BannerWords, Cause
from optty_desktop.ui.confirm_host_flow import ConfirmHostFlow
from optty_desktop.ui.create_flow import CreateFlow
from optty_desktop.ui.current_link import CurrentLink
from optty_desktop.ui.customer_screen import CustomerScreen
from optty_desktop.ui.detail_flow import DetailFlow
from optty_desktop.ui.earlier_links import EarlierLinks
from optty_desktop.ui.error_words import Doing, Words, sentence
from optty_desktop.ui.export_flow import ExportFlow
from optty_desktop.ui.hand_flow import HandFlow
from optty_desktop.ui.header import Header
from optty_desktop.ui.hint_way_words import feed_sentences
from optty_desktop.ui.keys import bind
from optty_desktop.ui.leaving_flow import Ending, LeavingFlow
from optty_desktop.ui.link_filter import LinkFilter
from optty_desktop.ui.link_sharing import LinkSharing
from optty_desktop.ui.main_window import MainWindow, come_to_front
from optty_desktop.ui.money_flow import MoneyFlow
from optty_desktop.ui.news_watch import NewsWatch
from optty_desktop.ui.paste_flow import PasteFlow
from optty_desktop.ui.payments_page import PaymentsPage
from optty_desktop.ui.practice import practice_link
from optty_desktop.ui.profile_name import own_name
from optty_desktop.ui.rebuilt_flow import RebuiltFlow
from optty_desktop.ui.row_menu import RowMenu
from optty_desktop.ui.settings_flow import SettingsFlow
from optty_desktop.ui.settle_flow import SettleFlow
from optty_desktop.ui.shortcuts_dialog import ShortcutsDialog
from optty_desktop.ui.status_watch import StatusWatch
from optty_desktop.ui.tasks import TaskRunner
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tray import Tray
from optty_desktop.ui.verbs import Verbs
from optty_desktop.ui.voice import Voice
from optty_desktop.ui.wardrobe import Wardrobe
from optty_desktop.ui.words import tr


class Desk(QObject):
    """The page of one session in its window. It is there before the session is: ``open`` brings the verbs."""

    def __init__(
        self,
        look: Look,
        environment: Environment,
        book: LinkBook,
        clock: Clock,
        identity: TillIdentity,
        tasks: TaskRunner,
        window: MainWindow,
        page: PaymentsPage,
        about: About,
        voice: Voice,
        wardrobe: Wardrobe,
        way: Callable[[], Way] = Way,
    ) -> None:
        super().__init__()
        kind = environment.kind
        self._look, self._environment, self.book = look, environment, book
        self._clock, self._tasks = clock, tasks
        loop = asyncio.get_running_loop()
        self._verbs: asyncio.Future[Verbs] = loop.create_future()
        self._ending: asyncio.Future[Ending] = loop.create_future()
        self.page, self.window = page, window
        header = window.header
        customer = self._customer = CustomerScreen(look, identity.shop, kind, self.window)
        self._watch = StatusWatch(header, self.window.banner, self.page, book, clock, environment, way)
        self._create = CreateFlow(self.page, book, tasks, self._verbs, customer)
        self._money = MoneyFlow(look, window, book, clock, tasks, self._verbs, environment)
        self._news = self._watch_news(voice)
        self._settle = SettleFlow(look, window, book, clock, tasks, self._verbs, environment)
        self._hand = HandFlow(look, window, book, clock, tasks, self._verbs, environment)
        self._hosts = ConfirmHostFlow(look, window, tasks, self._verbs, environment=kind)
        self._detail = DetailFlow(self.page, book, tasks, self._verbs)
        self._sharing = LinkSharing(look, self.page, book, tasks, customer, identity.shop, kind, self.window)
        self._current = CurrentLink(page, book, self._create, self._detail, self._sharing)
        self._rebuilt = RebuiltFlow(
            look, window, window.banner, self._watch, tasks, operator=identity.operator, environment=kind
        )
        self._export = ExportFlow(look, window, environment, clock, tasks, self._verbs)
        self._menu = self._row_menu()
        self._paste = PasteFlow(look, window, tasks, self._verbs, environment=kind)
        self._earlier = EarlierLinks(self.page.links, book, clock, tasks, self._verbs)
        self._settings = SettingsFlow(look, window, environment, tasks, self._verbs, about, voice.sounds, wardrobe)
        self._leaving = LeavingFlow(
            look, window, page, environment, tasks, self._watch, self._money, self._settings, self.end
        )
        self._connect(header)
        self._bind_keys()
        window.name_profile(own_name(environment))
        window.set_page(page)
        self.page.form.type_amount(window.take_early_keys())

    # What the shop asks for

    def open(self, verbs: Verbs) -> None:
        """The session is there: take up what was left open, let people work, then follow."""
        self.page.links.model.set_since(verbs.session.started_at)
        self._tasks.start(self._follow(verbs), owner=self, name="follow")

    def line_changed(self, line: Line) -> None:
        """The follower knows something new about the connection."""
        self._watch.line_changed(line)

    def show_trouble(self, fact: str, consequence: str) -> None:
        """Something nobody expected: say it until the window closes."""
        self.window.banner.show_cause(
            Cause.TROUBLE, BannerWords(fact, consequence, tr("I have read this"), "triangle-alert")
        )

    def webhook_site_stopped(self, trouble: FeedTrouble) -> None:
        """Nothing comes from the address of this sandbox at webhook.site."""
        self._on_problem(feed_sentences(trouble))

    def cannot_work(self, words: Words, error: AppError) -> None:
        """There will be no session behind this window: say so, and let nobody wait for one."""
        self.show_trouble(words.title, words.text)
        self.page.form.set_paused(tr("Nothing can be sent now."))
        if not self._verbs.done():
            self._verbs.set_exception(error)
            self._verbs.exception()  # seen: whoever awaits it is told again

    def end(self, ending: Ending) -> None:
        """Stop working, without asking."""
        if not self._ending.done():
            self._ending.set_result(ending)

    @property
    def is_ended(self) -> bool:
        """Whether somebody has left already."""
        return self._ending.done()

    async def ended(self) -> Ending:
        """Wait until somebody leaves."""
        return await self._ending

    async def settle(self) -> None:
        """Wait until every answer of this desk is stored; nothing new begins."""
        self.page.setEnabled(False)
        self._news.end()
        self._settings.end()
        self._tasks.end(self)
        self._tasks.end(self._leaving)
        self._tasks.end(self._earlier)
        if not self._verbs.done():
            self._verbs.cancel()
        await self._tasks.settle()
        # The last answers may have begun to read for panes that nobody looks at any more.
        self._tasks.end(self._detail)
        self._tasks.end(self._paste)
        self._customer.close()

    # What people ask for

    def _connect(self, header: Header) -> None:
        page, links = self.page, self.page.links
        links.cancel_requested.connect(self._money.cancel)
        links.refund_requested.connect(self._money.refund)
        page.detail.cancel_requested.connect(self._money.cancel)
        page.detail.refund_requested.connect(self._money.refund)
        page.detail.settle_requested.connect(self._settle.settle)
        page.detail.confirm_host_requested.connect(self._hosts.ask)
        page.detail.hand_requested.connect(self._hand.ask)
        page.ready.cancel_requested.connect(self._money.cancel)
        page.ready.new_link_requested.connect(self._create.show_form)
        links.refresh_requested.connect(self._on_refresh)
        links.keyboard_freed.connect(page.detail.focus_first)
        links.practice_requested.connect(self._on_practice)
        links.menu_requested.connect(self._on_menu)
        self._detail.opened.connect(self._on_link_opened)
        self._detail.closed.connect(self._on_link_closed)
        self._detail.ready_wanted.connect(self._on_ready_wanted)
        self._money.told.connect(self._on_told)
        self._settle.told.connect(self._on_told)
        self._hosts.told.connect(self._on_told)
        self._hand.told.connect(self._on_told)
        self._sharing.told.connect(self._on_told)
        self._sharing.problem.connect(self._on_link_problem)
        self._create.order_begun.connect(partial(self.window.banner.drop_cause, Cause.LINK))
        self._rebuilt.told.connect(self._on_told)
        self._export.told.connect(self._on_told)
        self._export.problem.connect(self._on_problem)
        self._money.needs_check.connect(self._detail.open)
        self._money.new_link_wanted.connect(self._on_new_link_wanted)
        self._money.slip_wanted.connect(self._sharing.print_slip)
        self.window.banner.pressed.connect(self._on_banner)
        header.shortcuts_requested.connect(self._show_shortcuts)
        header.export_requested.connect(self._export.ask)
        header.paste_requested.connect(self._paste.open)
        header.customer_screen_requested.connect(self._current.toggle_customer_screen)
        self._settings.sign_out_requested.connect(self._leaving.sign_out)

    def _watch_news(self, voice: Voice) -> NewsWatch:
        tray = Tray(self._look.application_icon, self.window, self._tasks, voice.notifier)
        alerts = Alerts(self.window, tray, self._clock)
        news = NewsWatch(self.page.links.toast, self.book, self._clock, self._tasks, voice.sounds, alerts)
        alerts.opened.connect(self._on_alert)
        self._money.became_refund.connect(news.became_refund)
        return news

    def _row_menu(self) -> RowMenu:
        return RowMenu(
            self._look,
            self.page.links,
            self.book,
            self._sharing,
            self._money,
            self._settle,
            self._detail,
            self._watch,
            self._tasks,
            refund_is_possible=self._environment.may_refund,
        )

    def _bind_keys(self) -> None:
        choose = self.page.links.set_filter
        actions: dict[str, Callable[[], object]] = {
            f"Alt+{n}": partial(choose, link_filter) for n, link_filter in enumerate(LinkFilter, start=1)
        }
        actions |= {
            "Ctrl+Return": self._submit,
            "Ctrl+Enter": self._submit,
            "Ctrl+Shift+C": self._current.copy_link,
            "Ctrl+Shift+M": self._current.copy_message,
            "Ctrl+D": self._current.toggle_customer_screen,
            "Ctrl+P": self._current.print_slip,
            "Ctrl+F": self.page.links.focus_search,
            "F5": self._on_refresh,
        }
        self._settings.rest_keys(bind(self.window, actions))
        everywhere: dict[str, Callable[[], object]] = {
            "Ctrl+N": partial(self._settings.close, self._create.show_form),
            "Ctrl+1": partial(self._settings.close, self.window.focus_page),
            "Ctrl+,": self._settings.open,
            "F1": self._show_shortcuts,
            "F6": self.window.focus_next_pane,
            "Shift+F6": self.window.focus_previous_pane,
            "F11": self.window.toggle_full_screen,
        }
        bind(self.window, everywhere)
        bind(self.page, {"Esc": self._on_escape})

    def _submit(self) -> None:
        if not self._create.shown and self.page.form.isVisible():
            self.page.form.submit()

    def _on_menu(self, number: str, where: QPoint) -> None:
        self._menu.open(number, where)

    def _on_escape(self) -> None:
        if self.page.links.toast.dismiss() or self.window.banner.dismiss():
            return
        if self.page.has_detail:
            self._detail.close()

    def _show_shortcuts(self) -> None:
        dialog = ShortcutsDialog(self._look, self.window, kind=self._environment.kind)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _on_told(self, text: str) -> None:
        if self.page.links.isVisible():
            self.page.links.show_toast(text)
        else:
            self._on_problem(text)  # the toast would lie in a table that is not on the screen

    def _on_problem(self, text: str) -> None:
        self.window.banner.show_cause(Cause.NOTICE, BannerWords("", text, tr("Close"), "info"))

    def _on_link_problem(self, text: str) -> None:
        self.window.banner.show_cause(Cause.LINK, BannerWords("", text, tr("Close"), "info"))

    def _on_alert(self, number: str) -> None:
        come_to_front(self.window)
        # A question that is open is answered first.
        if QApplication.activeModalWidget() is None:
            self._settings.close(partial(self._show_link, number))

    def _on_practice(self) -> None:
        self.page.show_form()
        self.page.form.fill_from(practice_link(self._clock.now()))
        self.page.form.focus_amount()

    def _on_new_link_wanted(self, number: str) -> None:
        self._settings.close(partial(self._begin_like, number))

    def _begin_like(self, number: str) -> None:
        if (link := self.book.find(number)) is not None:
            self._create.show_form()
            self.page.form.fill_from(link)

    def _on_ready_wanted(self, number: str) -> None:
        if (link := self.book.find(number)) is not None:
            self._create.show(link)

    def _on_link_opened(self, number: str) -> None:
        if (verbs := self._opened()) is not None:
            verbs.follow_status.watch(number)

    def _on_link_closed(self) -> None:
        if (verbs := self._opened()) is not None:
            shown = self._create.shown
            verbs.follow_status.watch(shown.invoice_number if shown else None)
        self.page.links.table.setFocus()

    def _on_refresh(self) -> None:
        self._tasks.start(self._refresh(), owner=self, name="refresh")

    def _on_banner(self, cause: Cause) -> None:
        verbs = self._opened()
        if cause is Cause.OFFLINE and verbs is not None:
            verbs.follow_status.try_now()
        elif cause is Cause.REBUILT:
            self._rebuilt.ask()
        elif cause is Cause.NEEDS_CHECK:
            self._settings.close(self._show_doubtful)
        else:
            self.window.banner.drop_cause(cause)

    def _show_doubtful(self) -> None:
        doubtful = [link for link in self.book if link.invoice_number in self._watch.doubtful]
        newest = max(doubtful, key=lambda link: link.created_at, default=None)
        if newest is not None:
            self._show_link(newest.invoice_number)

    def _show_link(self, number: str) -> None:
        self.page.links.select(number)
        self._detail.open(number)

    async def _refresh(self) -> None:
        verbs, links = self._opened(), self.page.links
        if verbs is None or not verbs.follow_status.has_links:
            links.show_nothing_to_check()
            return
        links.set_checking(True)
        await verbs.follow_status.check_all()
        links.set_checking(False)

    def _opened(self) -> Verbs | None:
        """The verbs, once the session is there."""
        is_there = self._verbs.done() and not self._verbs.cancelled() and self._verbs.exception() is None
        return self._verbs.result() if is_there else None

    async def _follow(self, verbs: Verbs) -> None:
        try:
            # First: what is under way from now on must not be taken for something a stop left open.
            await verbs.follow_status.take_up()
            await verbs.confirm_host.release()
            await self._rebuilt.begin(verbs.confirm_rebuilt)
        except AppError as error:
            self.cannot_work(sentence(error, Doing.OPEN_JOURNAL), error)
            return
        self._verbs.set_result(verbs)
        try:
            await verbs.session.journal.health()
        except JournalProblem as problem:
            words = sentence(problem, Doing.OPEN_JOURNAL)
            self.show_trouble(words.title, words.text)
        await verbs.session.back_up()
        await verbs.follow_status.run()
