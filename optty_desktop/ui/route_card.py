"""The cancel-or-refund request as a template, and the request it becomes for a link, as it would be sent."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from optty_desktop.core.environments import Imported, RouteTemplate
from optty_desktop.core.errors import NotSent
from optty_desktop.core.profile_rules import (
    METHODS,
    Rule,
    RuleBroken,
    check_route,
    check_route_body,
    check_route_path,
)
from optty_desktop.core.routes import PLACEHOLDER, request_for
from optty_desktop.ui.combo_box import ComboBox
from optty_desktop.ui.field import Field
from optty_desktop.ui.line_edit import LineEdit
from optty_desktop.ui.lines_edit import LinesEdit
from optty_desktop.ui.profile_words import checked
from optty_desktop.ui.reading_side import align_to_reading
from optty_desktop.ui.request_line import RequestLine, one_width_font
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.theme import Look
from optty_desktop.ui.times import day
from optty_desktop.ui.titled_card import TitledCard
from optty_desktop.ui.tokens import Space
from optty_desktop.ui.words import tr

EXAMPLE = "T1-1054"
"""An invoice number as tills make them."""

_METHOD_WIDTH = 116


class RouteCard(TitledCard):
    """`changed` tells that something was typed or chosen. An empty path and body stand for "no route yet"."""

    changed = Signal()

    def __init__(self, look: Look, api_url: Callable[[], str], parent: QWidget | None = None) -> None:
        """`api_url` gives the API address as it is typed now."""
        super().__init__(look, tr("Cancel or refund request"), parent)
        self._api_url = api_url
        self._method = ComboBox(look, self)
        self._path = LineEdit(look, "", self)
        self._body = LinesEdit(look, 3, checked(check_route_body), self)
        self._fields = [
            Field(look, tr("Path"), self._path, optional=True, name="routePath", check=checked(self._check_path)),
            Field(look, tr("Body, as JSON"), self._body, optional=True, name="routeBody"),
        ]
        self._request = RequestLine(look, self)
        self._lay_out(look)
        align_to_reading([self._path])
        self._method.currentIndexChanged.connect(self._on_changed)
        self._path.textChanged.connect(self._on_changed)
        self._body.edited.connect(self._on_changed)

    def set_route(self, route: RouteTemplate | None, imported: Imported | None) -> None:
        """Show a route and the file it came from, or that there is none."""
        method, path, body = (route.method, route.path, route.body) if route is not None else (METHODS[0], "", "")
        self._method.setCurrentText(method)
        self._path.setText(path)
        self._path.setCursorPosition(0)
        self._body.setPlainText(body)
        for field in self._fields:
            field.set_error(None)
        self._show_origin(imported if route is not None else None)
        self.show_request()

    def route(self) -> RouteTemplate | None:
        """The route as typed, None for none. Raises RuleBroken."""
        method, path, body = self.texts()
        return check_route(method, path, body) if path or body else None

    def texts(self) -> tuple[str, str, str]:
        """Method, path and body as they stand, right or wrong; without a route the method means nothing."""
        path, body = self._path.text().strip(), self._body.toPlainText().strip()
        return self._method.currentText() if path or body else "", path, body

    def stops(self) -> list[QWidget]:
        """The controls in the order of reading."""
        return [self._method, self._path, self._body]

    def wrong_fields(self) -> list[Field]:
        """Check all fields; return those that are wrong."""
        return [field for field in self._fields if not field.check_now()]

    def changeEvent(self, event: QEvent) -> None:
        """The path begins where reading begins."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            align_to_reading([self._path])

    def show_request(self) -> None:
        """Show what is typed as a request, or what is missing."""
        try:
            route = self.route()
            request = request_for(route, EXAMPLE) if route is not None else None
        except (RuleBroken, NotSent):
            self._say(tr("The request is shown here as soon as path and body are right."))
            return
        if request is None:
            self._say(tr("Without a request nothing can be cancelled, and nothing refunded by the link."))
            return
        self._caption.setText(tr("As it is sent for link {number}:", number=EXAMPLE))
        self._request.show_request("\n".join(filter(None, (request.line(self._api_url()), request.body))))
        self._request.show()

    def _say(self, text: str) -> None:
        self._caption.setText(text)
        self._request.hide()

    def _check_path(self, path: str) -> None:
        """The number of the link has to stand somewhere, so the path alone cannot be judged."""
        body = self._body.toPlainText().strip()
        if not path and not body:
            return
        check_route_path(path)
        if PLACEHOLDER not in path + body:
            raise RuleBroken("no place for the number", Rule.PLACEHOLDER)

    def _show_origin(self, imported: Imported | None) -> None:
        self._origin.setVisible(imported is not None)
        if imported is not None:
            file, date = harmless(imported.file, 120), day(imported.at)
            self._origin.setText(tr("Imported from {file} on {date}.", file=file, date=date))

    def _on_changed(self) -> None:
        self.show_request()
        self.changed.emit()

    def _lay_out(self, look: Look) -> None:
        self._method.addItems(METHODS)
        self._method.setFixedWidth(_METHOD_WIDTH)
        method = Field(look, tr("Method"), self._method, name="routeMethod", parent=self)
        method.setFixedWidth(_METHOD_WIDTH)
        for editor in (self._path, self._body):
            editor.setFont(one_width_font())
        self._body.setObjectName("routeBodyEdit")
        self.add_text(
            tr(
                "One request cancels an unpaid link and refunds a paid one. {placeholder} stands for the number of the "
                "link. Type it only as the payment service gave it to you.",
                placeholder=PLACEHOLDER,
            )
        )
        row = QHBoxLayout()
        row.setSpacing(Space.SMALL)
        row.addWidget(method, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._fields[0], 1, Qt.AlignmentFlag.AlignTop)
        self.column.addLayout(row)
        self.column.addWidget(self._fields[1])
        self._caption = self.add_text("", name="requestCaption")
        self.column.addWidget(self._request)
        self._origin = self.add_text("", name="routeOrigin")
