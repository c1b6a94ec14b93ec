"""What the window puts on the clipboard: links, messages and numbers. Never a secret."""

from PySide6.QtGui import QGuiApplication


def put_on_clipboard(text: str) -> None:
    """Replaces what is on the clipboard. It stays until something else is copied: pasting may take a while."""
    QGuiApplication.clipboard().setText(text)
