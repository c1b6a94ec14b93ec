"""The form for a new payment link: what staff type, checked field by field, and one button that says the amount."""

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import QEvent, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from optty_desktop.core.drafts import DraftField, LinkDraft, draft_problems
from optty_desktop.core.errors import Refused
from optty_desktop.core.links import PaymentLink
from optty_desktop.core.money import Money, format_amount, no_limit, parse_amount
from optty_desktop.core.ports import Clock, ContactRules
from optty_desktop.ui.draft_reader import (
    FormEntries,
    NotReadable,
    ParseAmount,
    read_draft,
    read_email,
    read_phone,
    read_text,
)
from optty_desktop.ui.field_words import problem_words, refusal_words, refused_field_words, refused_fields
from optty_desktop.ui.form_parts import FormParts
from optty_desktop.ui.form_summary import Tone
from optty_desktop.ui.phone_groups import grouped_phone
from optty_desktop.ui.short_number import shown_description
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr


class LinkForm(QWidget):
    """Collects a draft and says `submitted(LinkDraft)` once everything in it is right.

    It is busy from then on, until `set_busy(False)`. What was typed goes only with Clear and `reset()`.
    An amount above `warn_above` is pointed out and not stopped; one above the `limit` of its currency is stopped.
    """

    submitted = Signal(object)

    def __init__(
        self,
        look: Look,
        currencies: Sequence[str],
        rules: ContactRules,
        clock: Clock,
        *,
        is_practice: bool,
        warn_above: Money | None = None,
        limit: Callable[[str], Money | None] = no_limit,
        parse: ParseAmount = parse_amount,
        due_days: int = 3,
        emails_by_default: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        # It paints all of its ground: what lies behind it need not be painted for each blink of the cursor.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._look = look
        self._rules = rules
        self._clock = clock
        self._is_practice = is_practice
        self._warn_above, self._limit = warn_above, limit
        self._parse = parse
        self._emails_by_default = emails_by_default
        self._wants_all = False
        self._is_busy = False
        self._paused: str | None = None
        self._focus_before: QWidget | None = None
        self._focus_meanwhile: QWidget | None = None
        self.setObjectName("linkForm")
        checks = {
            DraftField.EMAIL: self._email_problem,
            DraftField.PHONE: self._phone_problem,
            DraftField.DESCRIPTION: self._description_problem,
            DraftField.REFERENCE: self._reference_problem,
        }
        self._parts = FormParts(look, currencies, clock, parse, checks, due_days=due_days, form=self)
        self._settling = QTimer(self)
        self._settling.setSingleShot(True)
        self._settling.setInterval(0)
        self._settling.timeout.connect(self._on_settled)
        self._connect()
        self._parts.email_customer.setChecked(emails_by_default)
        self._say_amount()

    def submit(self) -> None:
        """Checks everything; says `submitted` when all is right, else shows what is not and goes to the first."""
        if self._is_busy or self._paused is not None:
            return
        self._wants_all = True
        self._parts.amount.must_be_given = True
        draft = self._checked_draft()
        if draft is None:
            self._show_wrong()
            self._go_to(self._parts.wrong_fields()[0])
            return
        self._parts.summary.clear()
        self.set_busy(True)
        self.submitted.emit(draft)

    def set_busy(self, busy: bool) -> None:
        """While a link is being created nothing can be typed or pressed; then everything is as it was."""
        if busy == self._is_busy:
            return
        self._is_busy = busy
        own_focus = self._own_focus()
        if busy:
            self._parts.create.set_busy(tr("Creating…"))
        else:
            self._parts.create.reset()
        self._parts.set_open(not busy)
        self._parts.create.setEnabled(not busy and self._paused is None)
        self._say_amount()
        if busy:
            self._focus_before, self._focus_meanwhile = own_focus, QApplication.focusWidget()
        else:
            self._give_focus_back()

    @property
    def waits_with_keyboard(self) -> bool:
        """Whether the keyboard was here when it became busy, and nobody has gone elsewhere since."""
        return self._focus_before is not None and QApplication.focusWidget() is self._focus_meanwhile

    def set_paused(self, text: str | None) -> None:
        """Switches Create off and says why, or switches it on again with None. Typing goes on."""
        self._paused = text
        self._parts.create.setEnabled(not self._is_busy and text is None)
        if text is not None:
            self._parts.pause_note.show_text(text, Tone.HINT)
        else:
            self._parts.pause_note.clear()

    def show_refusal(self, error: Refused) -> None:
        """Says that the service did not take the link, why, and at which fields."""
        complaints = refused_fields(error.fields)
        for field in complaints:
            self._parts.fields[field].set_error(refused_field_words())
        if any(field in (DraftField.ITEMS, DraftField.TAX) for field in complaints):
            self._parts.set_unfolded(True)
        self._parts.summary.show_text(refusal_words(tuple(complaints), error.messages))

    def show_problem(self, text: str) -> None:
        """Says a sentence above the button until the form is used again."""
        self._parts.summary.show_text(text)

    def reset(self) -> None:
        """Empties the form; the currency is the first of the list again."""
        self._wants_all = False
        self._parts.clear(emails=self._emails_by_default)
        self._say_amount()

    def fill_from(self, link: PaymentLink) -> None:
        """Fills in what `link` was made of, with the usual due date. Creates nothing."""
        self.reset()
        parts = self._parts
        if parts.money.currency_combo.findText(link.amount.currency) >= 0:
            parts.money.set_money(link.amount)
        for field, text in (
            (DraftField.EMAIL, link.email),
            (DraftField.PHONE, grouped_phone(link.phone)),
            (DraftField.DESCRIPTION, shown_description(link)),
            (DraftField.REFERENCE, link.reference if link.reference != link.invoice_number else ""),
        ):
            parts.line(field).setText(text)
        parts.extras.tip.setChecked(link.allows_tip)
        parts.email_customer.setChecked(link.email_customer)

    def is_untouched(self) -> bool:
        """Whether nothing has been entered that could be lost."""
        parts = self._parts
        has_text = any(edit.text() for edit in parts.lines())
        is_default = parts.email_customer.isChecked() == self._emails_by_default and parts.due.is_usual
        return not has_text and is_default and parts.extras.is_untouched

    def focus_amount(self) -> None:
        """Puts the cursor where a new link begins."""
        self._parts.scroll_to_top()
        self._parts.money.amount_edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def type_amount(self, keys: Iterable[QKeyEvent]) -> None:
        """Puts the cursor where a new link begins, and types there what was typed before there was a form."""
        self.focus_amount()
        for key in keys:
            QApplication.sendEvent(self._parts.money.amount_edit, key)

    def set_condensed(self, condensed: bool) -> None:
        """For windows under 640 pixels: no title, closer rows, the due date folded away."""
        self._parts.set_condensed(condensed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground."""
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._look.color("surface"))
        painter.end()

    def event(self, event: QEvent) -> bool:
        """A usual due date moves on with the day while the form waits; text follows the reading direction."""
        if event.type() == QEvent.Type.WindowActivate:
            self._parts.refresh_due()
        elif event.type() == QEvent.Type.LayoutDirectionChange:
            self._parts.follow_direction()
        return super().event(event)

    def _connect(self) -> None:
        parts = self._parts
        parts.create.clicked.connect(self.submit)
        parts.clear_button.clicked.connect(self._on_clear)
        parts.summary.chosen.connect(self._go_to)
        parts.money.amount_changed.connect(self._on_amount_changed)
        parts.money.currency_combo.currentTextChanged.connect(self._on_currency_changed)
        parts.extras.changed.connect(self._on_extras_changed)
        parts.due.edited.connect(self._on_touched)
        for edit in parts.lines():
            edit.textChanged.connect(self._on_touched)
            edit.editingFinished.connect(self._on_touched)

    def _checked_draft(self) -> LinkDraft | None:
        """The draft, or None with the errors at their fields."""
        fine = [field.check_now() for field in self._parts.fields.values()]
        if not all(fine):
            return None
        try:
            draft = read_draft(self._entries(), self._rules, self._parse)
        except NotReadable as problem:
            self._parts.fields[problem.field].set_error(problem_words(problem.field, problem.problem))
            return None
        limit = self._limit(draft.amount.currency)
        problems = draft_problems(draft, self._clock.now(), limit)
        for place, trouble in problems.items():
            self._parts.fields[place].set_error(problem_words(place, trouble, limit))
        return None if problems else draft

    def _entries(self) -> FormEntries:
        parts = self._parts
        return FormEntries(
            currency=parts.money.currency(),
            amount=parts.money.money(),
            email=parts.line(DraftField.EMAIL).text(),
            phone=parts.line(DraftField.PHONE).text(),
            due_at=parts.due.due_at(),
            description=parts.line(DraftField.DESCRIPTION).text(),
            reference=parts.line(DraftField.REFERENCE).text(),
            items=parts.extras.items.entries(),
            tax=parts.extras.tax.text(),
            hide_tax=parts.extras.hide_tax.isChecked(),
            allow_tip=parts.extras.tip.isChecked(),
            email_customer=parts.email_customer.isChecked(),
        )

    def _email_problem(self, text: str) -> str | None:
        return self._problem(lambda: read_email(text, self._rules), text)

    def _phone_problem(self, text: str) -> str | None:
        return self._problem(lambda: read_phone(text, self._rules), text)

    def _description_problem(self, text: str) -> str | None:
        return self._problem(lambda: read_text(DraftField.DESCRIPTION, text), text)

    def _reference_problem(self, text: str) -> str | None:
        return self._problem(lambda: read_text(DraftField.REFERENCE, text), text)

    def _problem(self, read: Callable[[], str], text: str) -> str | None:
        """The words for what `read` finds. A field just passed by, still empty, is not complained about."""
        if not text.strip() and not self._wants_all:
            return None
        try:
            read()
        except NotReadable as problem:
            return problem_words(problem.field, problem.problem)
        return None

    def _show_wrong(self) -> None:
        wrong = self._parts.wrong_fields()
        if DraftField.ITEMS in wrong or DraftField.TAX in wrong:
            self._parts.set_unfolded(True)
        self._parts.summary.show_fields(wrong)

    def _go_to(self, field: DraftField) -> None:
        self._parts.go_to(field)

    def _on_touched(self) -> None:
        # The field checks itself first; what is still wrong is known after that.
        self._settling.start()

    def _on_settled(self) -> None:
        summary = self._parts.summary
        if summary.fields:
            summary.show_fields(self._parts.wrong_fields())

    def _on_amount_changed(self, money: Money | None) -> None:
        self._parts.extras.set_amount(money)
        is_unusual = (
            money is not None
            and self._warn_above is not None
            and money.currency == self._warn_above.currency
            and money > self._warn_above
        )
        words = tr("This is more than usual for this shop. Check it with the customer") if is_unusual else None
        self._parts.fields[DraftField.AMOUNT].set_warning(words)
        self._say_amount()

    def _on_currency_changed(self, _code: str) -> None:
        self._parts.extras.refresh()

    def _on_extras_changed(self) -> None:
        self._parts.follow_items()
        self._on_touched()

    def _on_clear(self) -> None:
        self.reset()
        self.focus_amount()

    def _say_amount(self) -> None:
        if self._is_busy:
            return
        money = self._parts.money.money()
        if self._is_practice:
            self._parts.create.setText(tr("Create practice link"))
        elif money is None:
            self._parts.create.setText(tr("Create link"))
        else:
            self._parts.create.setText(tr("Create link for {amount}", amount=format_amount(money)))

    def _give_focus_back(self) -> None:
        """What was switched off has lost the keyboard: it gets it back unless somebody has gone elsewhere since."""
        before, meanwhile = self._focus_before, self._focus_meanwhile
        self._focus_before = self._focus_meanwhile = None
        if before is None or QApplication.focusWidget() is not meanwhile or not self.isVisible():
            return
        wrong = self._parts.wrong_fields()
        if wrong:
            self._go_to(wrong[0])
        else:
            before.setFocus(Qt.FocusReason.OtherFocusReason)

    def _own_focus(self) -> QWidget | None:
        focused = QApplication.focusWidget()
        return focused if focused is not None and self.isAncestorOf(focused) else None
