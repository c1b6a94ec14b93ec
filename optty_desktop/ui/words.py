"""Every word for people passes through here, so that one translation file covers the whole window.

Values are named and filled in after translation: a translator may move them, and no sentence is glued from pieces.
"""

from PySide6.QtCore import QCoreApplication

_CONTEXT = "optty"


def tr(text: str, /, **values: object) -> str:
    """The words `text` in the language of the window, with `{named}` places filled from `values`."""
    translated = QCoreApplication.translate(_CONTEXT, text)
    return translated.format(**values) if values else translated


def tr_n(singular: str, plural: str, n: int, /, **values: object) -> str:
    """The words for `n` things. `{n}` stands for the number; translation files are keyed by `plural`."""
    translated = QCoreApplication.translate(_CONTEXT, plural, "", n)
    if translated == plural and n == 1:
        translated = singular
    return translated.format(n=n, **values)
