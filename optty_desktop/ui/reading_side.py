"""Keeps text of any script where reading begins; Qt puts a Latin address at the left of an Arabic window."""

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QLineEdit


def align_to_reading(parts: Iterable[QLabel | QLineEdit]) -> None:
    """Aligns each part to the leading edge of its window, whatever it says."""
    for part in parts:
        is_rtl = part.layoutDirection() == Qt.LayoutDirection.RightToLeft
        side = Qt.AlignmentFlag.AlignRight if is_rtl else Qt.AlignmentFlag.AlignLeft
        part.setAlignment(side | Qt.AlignmentFlag.AlignAbsolute | Qt.AlignmentFlag.AlignVCenter)
