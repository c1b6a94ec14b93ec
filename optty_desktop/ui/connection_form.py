"""The profile of one environment as a form: what is typed stays here until somebody saves it."""

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QWidget

from optty_desktop.core.environments import Environment, EnvironmentKind, RefundWith
from optty_desktop.core.policy import Policy
from optty_desktop.core.profile_rules import (
    Rule,
    RuleBroken,
    check_address,
    check_link_host,
    check_name,
    check_webhook_site,
)
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.lines_edit import LinesEdit
from optty_desktop.ui.managed_cards import set_by_words
from optty_desktop.ui.profile_words import checked, problem_words, refund_words
from optty_desktop.ui.radio_button import RadioButton
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.reported_card import ReportedCard
from optty_desktop.ui.route_card import RouteCard
from optty_desktop.ui.theme import Look
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.words import tr

_HOST_LINES = 3


class ConnectionForm(QObject):
    """Makes the cards; the page puts them where there is room. `changed` tells that something was typed or chosen."""

    changed = Signal()

    def __init__(self, look: Look, environment: Environment, policy: Policy, parent: QObject) -> None:
        super().__init__(parent)
        self._shown = environment
        self._name = LineEdit(look, "")
        self._token_url = LineEdit(look, "")
        self._api_url = LineEdit(look, "")
        self._hosts = LinesEdit(look, _HOST_LINES, checked(_check_hosts))
        self._by_link = RadioButton(look, refund_words(RefundWith.LINK))
        self._by_order = RadioButton(look, refund_words(RefundWith.ORDER))
        self._name_field = Field(look, tr("Name"), self._name, name="profileName", check=checked(check_name))
        self._token_field = Field(
            look, tr("Token address"), self._token_url, name="tokenUrl", check=checked(_check_address)
        )
        self._api_field = Field(look, tr("API address"), self._api_url, name="apiUrl", check=checked(_check_address))
        self._hosts_field = Field(look, tr("Host names, one a line"), self._hosts, name="linkHosts")
        self._webhook_site = LineEdit(look, "https://webhook.site/…")
        self._webhook_site_field = Field(
            look,
            tr("Address at webhook.site"),
            self._webhook_site,
            optional=True,
            name="webhookSite",
            check=checked(_check_webhook_site),
        )
        self.route = RouteCard(look, self._typed_api_url)
        self.addresses = self._address_card(look)
        self.hosts = self._hosts_card(look)
        self.refunds = self._refund_card(look)
        self.notices = self._notices_card(look) if environment.kind is EnvironmentKind.SANDBOX else None
        """Where a sandbox's notifications are caught; no other environment has this card."""
        self.reported = ReportedCard(look, policy)
        self._lock(policy)
        self.show_profile(environment)
        self._connect()

    def show_profile(self, environment: Environment) -> None:
        """Show a profile as it is stored; what was typed goes."""
        self._shown = environment
        for edit, text in (
            (self._name, environment.name),
            (self._token_url, environment.token_url),
            (self._api_url, environment.api_url),
            (self._webhook_site, environment.webhook_site or ""),
        ):
            edit.setText(text)
            edit.setCursorPosition(0)
        self._hosts.setPlainText("\n".join(environment.link_hosts))
        is_order = environment.refund_with is RefundWith.ORDER
        (self._by_order if is_order else self._by_link).setChecked(True)
        self.reported.switch.setChecked(environment.show_reported_payments)
        for field in self._fields():
            field.set_error(None)
        self.route.set_route(environment.cancel_or_refund, environment.imported)
        self._stored = self._texts()
        self.changed.emit()

    @property
    def is_changed(self) -> bool:
        """Whether what stands here is not what was shown."""
        return self._texts() != self._stored

    def undo(self) -> None:
        """Show again what is stored."""
        self.show_profile(self._shown)

    def check_now(self) -> int:
        """Check every field, take the keyboard to the first that is wrong, and tell how many are."""
        wrong = [*(field for field in self._fields() if not field.check_now()), *self.route.wrong_fields()]
        if wrong:
            wrong[0].editor.setFocus(Qt.FocusReason.OtherFocusReason)
        return len(wrong)

    def profile(self) -> Environment:
        """The profile as typed. Raises RuleBroken for what `check_now` would have shown."""
        return replace(
            self._shown,
            name=check_name(self._name.text()),
            token_url=_check_address(self._token_url.text().strip()),
            api_url=_check_address(self._typed_api_url()),
            link_hosts=_check_hosts(self._hosts.toPlainText()),
            refund_with=RefundWith.ORDER if self._by_order.isChecked() else RefundWith.LINK,
            cancel_or_refund=self.route.route(),
            webhook_site=_check_webhook_site(self._webhook_site.text().strip()),
            show_reported_payments=self.reported.switch.isChecked(),
        )

    def show_rule(self, broken: RuleBroken) -> None:
        """Say at the field what only the other profiles could tell."""
        at = {Rule.NAME: self._name_field, Rule.WEBHOOK_SITE: self._webhook_site_field}
        field = at.get(broken.rule, self._token_field)
        field.set_error(problem_words(broken.rule))
        field.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def stops(self, after_hosts: QWidget) -> list[QWidget]:
        """The controls in the order of reading, with one that stands below the hosts."""
        first: list[QWidget] = [self._name, self._token_url, self._api_url, self._hosts, after_hosts]
        notices = [] if self.notices is None else [self._webhook_site]
        return [*first, *notices, self.reported.switch, self._by_link, self._by_order, *self.route.stops()]

    def align(self) -> None:
        """Begin every line where reading begins."""
        align_to_reading((self._name, self._token_url, self._api_url, self._webhook_site))

    def _fields(self) -> tuple[Field, ...]:
        notices = () if self.notices is None else (self._webhook_site_field,)
        return self._name_field, self._token_field, self._api_field, self._hosts_field, *notices

    def _lock(self, policy: Policy) -> None:
        """What the policy sets can be read and copied, and not changed."""
        set_there = (
            (self._token_field, self._token_url, policy.token_hosts),
            (self._api_field, self._api_url, policy.api_hosts),
            (self._hosts_field, self._hosts, policy.link_hosts),
        )
        for field, edit, hosts in set_there:
            if hosts:
                edit.setReadOnly(True)
                field.set_hint(set_by_words(policy))

    def _texts(self) -> tuple[str, ...]:
        edits = (self._name, self._token_url, self._api_url, self._webhook_site)
        lines = (edit.text().strip() for edit in edits)
        hosts = "\n".join(_lines(self._hosts.toPlainText()))
        switches = (str(button.isChecked()) for button in (self._by_order, self.reported.switch))
        return (*lines, hosts, *switches, *self.route.texts())

    def _typed_api_url(self) -> str:
        return self._api_url.text().strip().rstrip("/")

    def _on_api_url(self) -> None:
        self.route.show_request()
        self.changed.emit()

    def _connect(self) -> None:
        for edit in (self._name, self._token_url, self._webhook_site):
            edit.textChanged.connect(self.changed)
        self._api_url.textChanged.connect(self._on_api_url)
        self._hosts.edited.connect(self.changed)
        self._by_order.toggled.connect(self.changed)
        self.reported.switch.toggled.connect(self.changed)
        self.route.changed.connect(self.changed)

    def _address_card(self, look: Look) -> TitledCard:
        card = TitledCard(look, tr("Name and addresses"))
        for field in (self._name_field, self._token_field, self._api_field):
            card.column.addWidget(field)
        return card

    def _hosts_card(self, look: Look) -> TitledCard:
        card = TitledCard(look, tr("Payment links"))
        card.add_text(tr("Links on any other host are held back. .optty.com stands for all hosts of Optty."))
        self._hosts.setObjectName("linkHostsEdit")
        card.column.addWidget(self._hosts_field)
        return card

    def _notices_card(self, look: Look) -> TitledCard:
        card = TitledCard(look, tr("Notifications at webhook.site"))
        card.add_text(
            tr(
                "Whoever knows this address can read what it gets, so use it with pretend customers only. "
                "Each notification has its link read; it changes nothing by itself."
            )
        )
        card.column.addWidget(self._webhook_site_field)
        return card

    def _refund_card(self, look: Look) -> TitledCard:
        card = TitledCard(look, tr("Refunds go back"))
        self._by_link.setObjectName("refundByLinkRadio")
        self._by_order.setObjectName("refundByOrderRadio")
        group = QButtonGroup(self)
        ways = (
            (self._by_link, tr("The request below sends the whole payment back.")),
            (
                self._by_order,
                tr("The whole payment or a part of it goes back without the request below."),
            ),
        )
        for button, meaning in ways:
            group.addButton(button)
            card.add_choice(button, meaning)
        return card


def _check_address(text: str) -> str:
    return check_address(text, "address")


def _check_webhook_site(text: str) -> str | None:
    return check_webhook_site(text) if text else None


def _check_hosts(text: str) -> tuple[str, ...]:
    hosts = tuple(dict.fromkeys(check_link_host(line) for line in _lines(text)))
    if not hosts:
        raise RuleBroken("no host", Rule.LINK_HOST)
    return hosts


def _lines(text: str) -> Iterable[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
