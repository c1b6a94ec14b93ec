"""A page that stands under the header, made of panes the keyboard goes round."""

from PySide6.QtWidgets import QWidget


class PanedPage(QWidget):
    """Says what its panes are and where the keyboard belongs in each. Without panes of its own it is one."""

    def panes(self) -> list[QWidget]:
        """The panes from the leading to the trailing side, shown or not."""
        return [self]

    def first_stops(self, pane: QWidget) -> list[QWidget]:
        """Where the keyboard belongs in a pane, best first; nothing where the order of Tab says it."""
        del pane
        return []
