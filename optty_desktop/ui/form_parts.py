"""The parts of the link form and where they stand: the usual order, and the closer one of low windows."""

from collections.abc import Callable, Mapping, Sequence
from itertools import pairwise

from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtWidgets import QApplication, QBoxLayout, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from optty_desktop.core.drafts import DraftField
from optty_desktop.core.ports import Clock
from optty_desktop.ui.amount_editor import AmountEditor
from optty_desktop.ui.buttons import Button, ButtonKind
from optty_desktop.ui.divider import Divider
from optty_desktop.ui.draft_reader import ParseAmount
from optty_desktop.ui.due_date_field import DueDateField
from optty_desktop.ui.extras import Extras
from optty_desktop.ui.field import Field, LineEdit
from optty_desktop.ui.field_words import field_label
from optty_desktop.ui.form_summary import FormSummary
from optty_desktop.ui.message import plain_label
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.switch import Switch
from optty_desktop.ui.theme import Look
from optty_desktop.ui.tokens import Height, Space, Type
from optty_desktop.ui.words import tr

_OPTIONAL = frozenset({DraftField.DESCRIPTION, DraftField.REFERENCE})
_CONDENSED_BUTTON = 48

Check = Callable[[str], str | None]


class ExtrasToggle(Button):
    """The quiet button that unfolds; its icon stands under the edge of the fields."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(look, tr("Items, tax or tip"), ButtonKind.QUIET, "plus", parent=parent)
        self.setObjectName("extrasToggle")

    def _padding(self) -> int:
        return Space.HAIR


class FieldColumn(QWidget):
    """What scrolls. It asks for the height its lines take at the present width, not at the narrowest."""

    def minimumSizeHint(self) -> QSize:
        """The narrowest width and the height of now."""
        hint, layout = super().minimumSizeHint(), self.layout()
        if layout is None or not layout.hasHeightForWidth():
            return hint
        return QSize(hint.width(), layout.totalMinimumHeightForWidth(max(self.width(), hint.width())))


class FormParts:
    """Builds the widgets into `form` and moves them between its two layouts."""

    def __init__(
        self,
        look: Look,
        currencies: Sequence[str],
        clock: Clock,
        parse: ParseAmount,
        checks: Mapping[DraftField, Check],
        *,
        due_days: int,
        form: QWidget,
    ) -> None:
        self._form = form
        self._is_condensed = False
        self._is_unfolded = False
        self._lines: dict[DraftField, LineEdit] = {}
        self._area = QScrollArea(form)
        look.sheet(self._area.verticalScrollBar())
        self._content = FieldColumn()
        self.amount = AmountEditor(look, currencies, parse, self._content)
        self.due = DueDateField(look, clock, self._content, usual_days=due_days)
        self.extras = Extras(look, self.amount.currency, parse, self._content)
        self.fields = self._make_fields(look, checks)
        self.toggle = ExtrasToggle(look, self._content)
        self.email_customer = Switch(look, tr("E-mail the link to the customer"), self._content)
        self.email_customer.setObjectName("emailCustomerSwitch")
        self._line = Divider(look, self._content)
        self.title = plain_label(tr("New payment link"), look, Type.TITLE_FORM, parent=form)
        self.clear_button = Button(look, tr("Clear"), ButtonKind.QUIET, parent=form)
        self.clear_button.setObjectName("clearFormButton")
        self.summary = FormSummary(look, form)
        self.pause_note = FormSummary(look, form)
        self.pause_note.setObjectName("formPausedLabel")
        self.create = Button(look, "", ButtonKind.PRIMARY, "link", "Ctrl+↵", main=True, parent=form)
        self.create.setObjectName("createLinkButton")
        self.toggle.clicked.connect(self._on_toggle)
        self.due.edited.connect(self._say_toggle)
        self.extras.rows_changed.connect(self._set_tab_order)
        self.extras.rows_changed.connect(self.follow_direction)
        self.extras.row_added.connect(self.bring_into_view)
        for edit in self.lines():
            edit.returnPressed.connect(self._on_return)
        self._build()
        self._arrange()

    @property
    def money(self) -> AmountEditor:
        """Currency and amount."""
        return self.amount

    def line(self, field: DraftField) -> LineEdit:
        """The line of a field that is typed in one."""
        return self._lines[field]

    def lines(self) -> tuple[LineEdit, ...]:
        """Every line of the main part, the amount first."""
        typed = (DraftField.EMAIL, DraftField.PHONE, DraftField.DESCRIPTION, DraftField.REFERENCE)
        return (self.amount.amount_edit, *(self.line(field) for field in typed))

    def wrong_fields(self) -> tuple[DraftField, ...]:
        """The fields that show an error, from top to bottom."""
        return tuple(name for name, field in self.fields.items() if field.has_error)

    def go_to(self, field: DraftField) -> None:
        """Puts the cursor into `field` and brings it into sight."""
        if field in (DraftField.ITEMS, DraftField.TAX) or (field is DraftField.DUE_DATE and self._is_condensed):
            self.set_unfolded(True)
        target = self.fields[field].editor
        if field is DraftField.AMOUNT:
            target = self.amount.amount_edit
        elif field is DraftField.ITEMS:
            rows = self.extras.items.rows
            target = rows[0].name if rows else self.extras.items.add_button
        target.setFocus(Qt.FocusReason.OtherFocusReason)
        self.bring_into_view(self.fields[field])

    def bring_into_view(self, widget: QWidget) -> None:
        """Scrolls until `widget` is seen, its beginning first where it is higher than the room."""
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest)
        top = widget.mapTo(self._content, QPoint(0, 0)).y() - Space.SMALL
        bar, room = self._area.verticalScrollBar(), self._area.height()
        bottom = top + widget.height() + 2 * Space.SMALL
        bar.setValue(min(top, max(bar.value(), bottom - room)))

    def scroll_to_top(self) -> None:
        """Shows the first field."""
        self._area.verticalScrollBar().setValue(0)

    def set_open(self, is_open: bool) -> None:
        """Lets everything but the Create button be used, or nothing."""
        self._content.setEnabled(is_open)
        self.clear_button.setEnabled(is_open)
        self.summary.setEnabled(is_open)

    def set_unfolded(self, unfolded: bool) -> None:
        """Shows or folds away items, tax and tip."""
        self._is_unfolded = unfolded
        self.extras.setVisible(unfolded)
        self.fields[DraftField.DUE_DATE].setVisible(unfolded or not self._is_condensed)
        self.toggle.set_icon_name("chevron-down" if unfolded else "plus")

    def set_condensed(self, condensed: bool) -> None:
        """Goes to the closer layout, or back."""
        if condensed != self._is_condensed:
            self._is_condensed = condensed
            self._arrange()

    def follow_items(self) -> None:
        """With items the amount is their total and cannot be typed."""
        has_items = self.extras.has_items
        self.amount.follow(self.extras.total_amount(), has_items=has_items)
        self.fields[DraftField.AMOUNT].set_hint(tr("Total of the items and the tax") if has_items else None)

    def follow_direction(self) -> None:
        """Lets everything typed begin where reading begins."""
        align_to_reading(self._content.findChildren(LineEdit))

    def refresh_due(self) -> None:
        """Says the due date anew."""
        self.due.refresh()
        self._say_toggle()

    def clear(self, *, emails: bool) -> None:
        """Empties all fields and takes all messages away."""
        self.amount.must_be_given = False
        self.extras.clear()
        self.amount.clear()
        self.amount.set_currency(self.amount.currency_combo.itemText(0))
        for edit in self.lines():
            edit.clear()
        self.due.set_due(None)
        self.email_customer.setChecked(emails)
        for field in self.fields.values():
            field.set_error(None)
        self.summary.clear()
        self.set_unfolded(False)
        self.scroll_to_top()

    def _make_fields(self, look: Look, checks: Mapping[DraftField, Check]) -> dict[DraftField, Field]:
        hints = {
            DraftField.EMAIL: "name@example.com",
            DraftField.PHONE: "+1 202 555 0100",
            DraftField.DESCRIPTION: tr("What is the customer paying for?"),
            DraftField.REFERENCE: tr("Order number"),
        }
        fields = {DraftField.AMOUNT: Field(look, field_label(DraftField.AMOUNT), self.amount, name="amount")}
        for field, hint in hints.items():
            edit = self._lines[field] = LineEdit(look, hint, self._content)
            is_optional = field in _OPTIONAL
            fields[field] = Field(
                look, field_label(field), edit, optional=is_optional, name=field.value, check=checks[field]
            )
        fields[DraftField.DUE_DATE] = Field(look, field_label(DraftField.DUE_DATE), self.due, name="dueDate")
        fields[DraftField.ITEMS] = self.extras.items_field
        fields[DraftField.TAX] = self.extras.tax_field
        for each in fields.values():
            each.label.setFixedHeight(Type.SMALL.line)
        return fields

    def _build(self) -> None:
        self._title_row = QWidget(self._form)
        title = QHBoxLayout(self._title_row)
        title.setContentsMargins(Space.PANE, Space.SMALL, Space.PANE, 0)
        title.addWidget(self.title, 1)
        title.addWidget(self.clear_button)
        self._tail = QVBoxLayout()
        self._tail.setSpacing(0)
        # The bar stands in the padding, so that nothing gets narrower when it appears.
        self._area.verticalScrollBar().rangeChanged.connect(self._on_range_changed)
        self._column = QVBoxLayout(self._content)
        self._pair = QHBoxLayout()
        self._pair.setSpacing(Space.FIELD)
        self._area.setWidget(self._content)
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.viewport().setAutoFillBackground(False)
        self._content.setAutoFillBackground(False)
        self._foot = QVBoxLayout()
        self._foot.setSpacing(Space.CLOSE)
        for widget in (self.pause_note, self.summary, self.create):
            self._foot.addWidget(widget)
        outer = QVBoxLayout(self._form)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addWidget(self._title_row)
        outer.addWidget(self._area, 1)
        outer.addLayout(self._foot)

    def _arrange(self) -> None:
        """Puts every part in its place for the present layout."""
        condensed = self._is_condensed
        side = Space.ROW if condensed else Space.PANE
        self._title_row.setVisible(not condensed)
        self.amount.set_compact(condensed)
        self.fields[DraftField.PHONE].label.setText(tr("Phone") if condensed else field_label(DraftField.PHONE))
        self._foot.setContentsMargins(side, Space.CLOSE, side, Space.SMALL if condensed else Space.PANE)
        self._set_padding()
        self._column.setSpacing(Space.CLOSE if condensed else Space.FIELD)
        for layout in (self._column, self._pair, self._tail):
            _empty(layout)
        self._fill_column()
        self.create.set_shortcut_hint(None if condensed else "Ctrl+↵")
        self.create.setFixedHeight(_CONDENSED_BUTTON if condensed else Height.MAIN_BUTTON)
        self.set_unfolded(self._is_unfolded)
        self._say_toggle()
        self._set_tab_order()
        self.follow_direction()

    def _fill_column(self) -> None:
        fields, condensed = self.fields, self._is_condensed
        due, reference = fields[DraftField.DUE_DATE], fields[DraftField.REFERENCE]
        phone, description = fields[DraftField.PHONE], fields[DraftField.DESCRIPTION]
        pair = (phone, reference) if condensed else (reference, due)
        for field in pair:
            self._pair.addWidget(field, 1, Qt.AlignmentFlag.AlignTop)
        column = self._column
        column.addWidget(fields[DraftField.AMOUNT])
        column.addWidget(fields[DraftField.EMAIL])
        (due if condensed else phone).take_message_back()
        messages = [field.lend_message() for field in pair]  # half a row is too narrow for a sentence
        if condensed:
            column.addLayout(self._pair)
            for message in messages:
                column.addWidget(message)
            column.addWidget(description)
        else:
            column.addWidget(phone)
            column.addWidget(description)
            self._tail.addLayout(self._pair)
            for message in messages:
                self._tail.addWidget(message)
            self._tail.addSpacing(Space.CLOSE)
        self._fill_tail(due if condensed else None)
        column.addLayout(self._tail)
        column.addStretch(1)
        self._line.setVisible(not condensed)

    def _fill_tail(self, due: Field | None) -> None:
        toggle = QHBoxLayout()
        toggle.addWidget(self.toggle)
        toggle.addStretch(1)
        self._tail.addLayout(toggle)
        for widget in (due, self.extras, self._line, self.email_customer):
            if widget is not None:
                self._tail.addWidget(widget)

    def _set_tab_order(self) -> None:
        reference, description = self.line(DraftField.REFERENCE), self.line(DraftField.DESCRIPTION)
        phone = self.line(DraftField.PHONE)
        amount: list[QWidget] = [self.amount.currency_combo, self.amount.amount_edit, *self.amount.readings]
        first: list[QWidget] = [*amount, self.line(DraftField.EMAIL), phone]
        if self._is_condensed:
            rest: list[QWidget] = [reference, description, self.toggle, self.due]
        else:
            rest = [description, reference, self.due, self.toggle]
        order = [*first, *rest, *self.extras.stops(), self.email_customer, self.create, self.clear_button]
        for before, after in pairwise(order):
            QWidget.setTabOrder(before, after)

    def _set_padding(self) -> None:
        side = Space.ROW if self._is_condensed else Space.PANE
        bar = self._area.verticalScrollBar()
        trailing = side - (bar.sizeHint().width() if bar.maximum() > 0 else 0)
        is_rtl = self._form.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left, right = (trailing, side) if is_rtl else (side, trailing)
        self._column.setContentsMargins(left, Space.SMALL if self._is_condensed else 0, right, 0)

    def _on_range_changed(self, _least: int, _most: int) -> None:
        self._set_padding()

    def _say_toggle(self) -> None:
        if self._is_condensed:
            self.toggle.setText(tr("More: due {date}, items, tax, tip", date=self.due.short_text()))
        else:
            self.toggle.setText(tr("Items, tax or tip"))

    def _on_toggle(self) -> None:
        self.set_unfolded(not self._is_unfolded)
        if self._is_unfolded:
            self._show_unfolded()

    def _show_unfolded(self) -> None:
        """The button goes to the upper edge, so that as much as there is room for shows below it."""
        self.bring_into_view(self.extras)
        top = self.toggle.mapTo(self._content, QPoint(0, 0)).y() - Space.SMALL
        bar = self._area.verticalScrollBar()
        bar.setValue(min(bar.value(), top))

    def _on_return(self) -> None:
        self._form.focusNextChild()
        # Unlike Tab, this does not pass through the area that scrolls.
        focused = QApplication.focusWidget()
        if focused is not None and self._content.isAncestorOf(focused):
            self.bring_into_view(focused)


def _empty(layout: QBoxLayout) -> None:
    """Let go of everything in it. Not with takeAt alone: Qt would go on telling the item taken of a widget's new
    height, and the one in its new place would remember an old one, too low for a longer message.
    """
    while (item := layout.itemAt(0)) is not None:
        widget = item.widget()
        if widget is not None:
            layout.removeWidget(widget)
        else:
            layout.takeAt(0)
