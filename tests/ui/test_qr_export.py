"""Pictures and slips that leave the till."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
import zxingcpp
from PySide6.QtGui import QImage, QPainter
from PySide6.QtPrintSupport import QPrintDialog, QPrinter
from PySide6.QtWidgets import QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from optty_desktop.core.environments import EnvironmentKind
from optty_desktop.core.links import LinkState, PaymentLink
from optty_desktop.core.money import Money
from optty_desktop.ui.qr_code import make_qr
from optty_desktop.ui.qr_export import PictureSaver, SlipPrinter, picture_name, write_picture
from optty_desktop.ui.slip import Slip, SlipPainter, slip_of
from optty_desktop.ui.state_look import state_word
from tests.fakes import START, link
from tests.ui.stage import POPUP, make_look, settle

URL = "https://pay.example.com/l/7Q4M2XKD"


def order(state: LinkState = LinkState.PENDING, **changes: object) -> PaymentLink:
    return link("T2-1", state, url=URL, reference="Order 1054", **changes)


def scanned(image: QImage) -> str | None:
    found = zxingcpp.read_barcode(image.convertToFormat(QImage.Format.Format_Grayscale8))
    return found.text if found is not None else None


def window_of(qtbot: QtBot) -> QWidget:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    return window


def test_a_saved_picture_scans(tmp_path: Path) -> None:
    path = tmp_path / "code.png"
    assert write_picture(make_qr(URL), str(path))
    image = QImage(str(path))
    assert image.width() >= 800
    assert scanned(image) == URL


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    assert not write_picture(make_qr(URL), str(tmp_path / "missing" / "code.png"))


@pytest.mark.parametrize("reference", ["Order 1054", "../../etc/passwd", "a/b\\c:d*?", "", "طلب 12"])
def test_file_names_stay_in_their_folder(reference: str) -> None:
    name = picture_name(reference)
    assert not set('/\\:*?"<>|') & set(name)
    assert ".." not in name
    assert name.endswith(".png")


@POPUP
def test_saving_asks_where_and_says_that_it_is_done(qtbot: QtBot, tmp_path: Path) -> None:
    window = window_of(qtbot)
    saver = PictureSaver(window)
    said: list[str] = []
    saver.saved.connect(said.append)
    saver.not_saved.connect(said.append)
    dialog = saver.open(make_qr(URL), "Order 1054")
    assert isinstance(dialog, QFileDialog)
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(tmp_path / "code.png"))
    dialog.fileSelected.emit(str(tmp_path / "missing" / "code.png"))
    dialog.reject()
    settle()
    assert said == ["Image saved as code.png.", "The image could not be saved there. Choose another folder."]
    assert scanned(QImage(str(tmp_path / "code.png"))) == URL


def painted(slip: Slip, width: int = 576, dots_per_mm: float = 8.0) -> QImage:
    """The slip on a till roll of 72 mm at 203 dpi."""
    image = QImage(width, 1400, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    used = SlipPainter(make_look(), painter, width, dots_per_mm).paint(slip)
    painter.end()
    assert 0 < used < image.height()
    return image


def test_an_open_link_prints_its_code() -> None:
    slip = slip_of(order(), "Corner Store", EnvironmentKind.LIVE, make_qr(URL))
    assert (slip.shop, slip.amount, slip.reference, slip.link) == ("Corner Store", "USD 182.75", "Order 1054", URL)
    assert slip.warning == ""
    assert scanned(painted(slip)) == URL


@pytest.mark.parametrize(("kind", "word"), [(EnvironmentKind.TRAINING, "TRAINING"), (EnvironmentKind.SANDBOX, "TEST")])
def test_practice_slips_say_so(kind: EnvironmentKind, word: str) -> None:
    assert word in slip_of(order(), "Corner Store", kind, None).warning


def test_a_receipt_has_no_code_and_no_address() -> None:
    paid = order(
        state=LinkState.PAID, paid=Money(19000, "USD"), paid_at=START + timedelta(days=1), paid_with="card ending 4242"
    )
    slip = slip_of(paid, "Corner Store", EnvironmentKind.LIVE, make_qr(URL))
    assert (slip.amount, slip.code, slip.link) == ("USD 190.00", None, "")
    assert slip.lines[1] == "card ending 4242"
    assert scanned(painted(slip)) is None


@pytest.mark.parametrize("state", [LinkState.CANCELLED, LinkState.EXPIRED, LinkState.UNKNOWN, LinkState.REFUNDED])
def test_a_closed_link_prints_no_code(state: LinkState) -> None:
    slip = slip_of(order(state=state), "Corner Store", EnvironmentKind.LIVE, make_qr(URL))
    assert (slip.code, slip.link) == (None, "")
    assert slip.lines == (state_word(state),)


def test_printing_writes_a_page(qtbot: QtBot, tmp_path: Path) -> None:
    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "slip.pdf"))
    slips = SlipPrinter(make_look(), window_of(qtbot))
    said: list[str] = []
    slips.printed.connect(said.append)
    slips.not_printed.connect(said.append)
    slip = slip_of(order(), "Corner Store", EnvironmentKind.LIVE, make_qr(URL))
    slips.print_on(printer, slip)
    assert said == ["Sent to the printer."]
    assert (tmp_path / "slip.pdf").read_bytes().startswith(b"%PDF")


@POPUP
def test_the_print_dialog_opens_and_blocks_nothing(qtbot: QtBot) -> None:
    window = window_of(qtbot)
    slips = SlipPrinter(make_look(), window)
    slips.open(slip_of(order(), "Corner Store", EnvironmentKind.LIVE, make_qr(URL)))
    dialog = window.findChild(QPrintDialog, "printDialog")
    assert dialog is not None
    assert dialog.isVisible()
    dialog.reject()
    settle()
