"""Where to put a file: the question, in the folder of a person's own documents, never in that of the program."""

from PySide6.QtCore import QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget


def save_dialog(parent: QWidget, name: str, title: str, file_name: str, kinds: str, suffix: str) -> QFileDialog:
    """Make the question. ``name`` is its object name, ``suffix`` what a name without one gets."""
    dialog = QFileDialog(parent, title, "", kinds)
    dialog.setObjectName(name)
    dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
    dialog.setDefaultSuffix(suffix)
    documents = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    if documents:
        dialog.setDirectory(documents)
    dialog.selectFile(file_name)
    return dialog
