"""Saving a code as a picture and printing slips. The dialogs are opened, never waited for."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QFileInfo, QObject, QSaveFile, Signal
from PySide6.QtGui import QImageWriter, QPainter
from PySide6.QtWidgets import QDialog, QFileDialog, QWidget

from optty_desktop.ui.qr_code import QrCode
from optty_desktop.ui.qr_view import image_of
from optty_desktop.ui.save_dialog import save_dialog
from optty_desktop.ui.slip import Slip, SlipPainter
from optty_desktop.ui.theme import Look
from optty_desktop.ui.words import tr

if TYPE_CHECKING:
    from PySide6.QtPrintSupport import QPrinter

_PICTURE_SIDE: Final = 800
_MM_PER_INCH: Final = 25.4
_WIDEST_SLIP_MM: Final = 76.0


def write_picture(code: QrCode, path: str) -> bool:
    """Writes `code` with its quiet zone as a PNG of about 800 pixels. Returns whether the file is whole on the disk."""
    image = image_of(code, max(8, -(-_PICTURE_SIDE // code.full_size)))
    file = QSaveFile(path)
    return (
        file.open(QSaveFile.OpenModeFlag.WriteOnly)
        and QImageWriter(file, QByteArray(b"png")).write(image)
        and file.commit()
    )


def picture_name(reference: str) -> str:
    """A file name made from `reference` that every file system takes."""
    kept = "".join(letter if letter.isalnum() or letter in "-_ " else "-" for letter in reference)[:60].strip()
    return tr("Payment link {reference}", reference=kept) + ".png"


class PictureSaver(QObject):
    """Asks where to, then writes. `saved` carries the words for the toast, `not_saved` those for a message."""

    saved = Signal(str)
    not_saved = Signal(str)

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def open(self, code: QrCode, reference: str) -> QFileDialog:
        """Opens the dialog and returns it."""
        title, kinds = tr("Save image"), tr("Pictures (*.png)")
        dialog = save_dialog(self._window, "saveImageDialog", title, picture_name(reference), kinds, "png")
        dialog.fileSelected.connect(self._writer(code))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def _writer(self, code: QrCode) -> Callable[[str], None]:
        def write(path: str) -> None:
            if write_picture(code, path):
                self.saved.emit(tr("Image saved as {name}.", name=QFileInfo(path).fileName()))
            else:
                self.not_saved.emit(tr("The image could not be saved there. Choose another folder."))

        return write


class SlipPrinter(QObject):
    """Asks for the printer, then prints. `printed` carries the words for the toast, `not_printed` for a message."""

    printed = Signal(str)
    not_printed = Signal(str)

    def __init__(self, look: Look, window: QWidget) -> None:
        super().__init__(window)
        self._look = look
        self._window = window

    def open(self, slip: Slip) -> None:
        """Opens the dialog of the system."""
        from PySide6.QtPrintSupport import QPrintDialog, QPrinter  # most sessions never print

        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        printer.setDocName(slip.reference)
        dialog = QPrintDialog(printer, self._window)
        dialog.setObjectName("printDialog")

        def finish(result: int) -> None:
            if result == QDialog.DialogCode.Accepted.value:
                self.print_on(printer, slip)

        dialog.finished.connect(finish)
        dialog.finished.connect(dialog.deleteLater)
        # QPrintDialog hides the plain open() behind one that takes a receiver.
        QDialog.open(dialog)

    def print_on(self, printer: "QPrinter", slip: Slip) -> None:
        """Prints `slip` on `printer`, not wider than a till roll."""
        painter = QPainter()
        if not painter.begin(printer):
            self.not_printed.emit(tr("The printer did not take the slip. Check that it is on and has paper."))
            return
        dots = printer.resolution() / _MM_PER_INCH
        page = painter.viewport().width()
        width = min(page, round(_WIDEST_SLIP_MM * dots))
        painter.translate((page - width) // 2, 0)
        SlipPainter(self._look, painter, width, dots).paint(slip)
        painter.end()
        self.printed.emit(tr("Sent to the printer."))
