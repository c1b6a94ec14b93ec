"""The types of Qt that the program uses, made by the thread of the window before another thread asks for them.

PySide makes a type when its name is first asked for, and two threads that ask at once can meet one that is half made.
The start loads most of the program in a thread beside a window that lives.
"""

from types import ModuleType
from typing import Final

from PySide6 import QtCore, QtGui, QtWidgets

# fmt: off
USED: Final[dict[ModuleType, tuple[str, ...]]] = {
    QtCore: (
        "QMimeData",
        "QAbstractEventDispatcher", "QAbstractTableModel", "QByteArray", "QCoreApplication", "QDate",
        "QDeadlineTimer", "QEvent", "QEventLoop", "QFileInfo", "QLockFile", "QMargins", "QModelIndex", "QObject",
        "QPersistentModelIndex", "QPoint", "QPointF", "QRect", "QRectF", "QSaveFile", "QSignalBlocker", "QSize",
        "QStandardPaths",
        "QTimer", "QUrl", "Qt",
    ),
    QtGui: (
        "QDropEvent",
        "QAccessible", "QAccessibleAnnouncementEvent", "QAction", "QCloseEvent", "QColor", "QContextMenuEvent",
        "QEnterEvent", "QFocusEvent", "QFont", "QFontDatabase", "QFontMetrics", "QGuiApplication", "QHideEvent",
        "QIcon", "QImage", "QImageWriter", "QKeyEvent", "QKeySequence", "QMouseEvent", "QPaintEvent", "QPainter",
        "QPainterPath", "QPalette", "QPen", "QPixmap", "QPolygonF", "QResizeEvent", "QScreen", "QShortcut",
        "QShowEvent", "QTextCharFormat", "QTextLayout", "QTextOption", "QWheelEvent",
    ),
    QtWidgets: (
        "QAbstractSlider",
        "QAbstractButton", "QAbstractItemDelegate", "QAbstractItemView", "QAbstractScrollArea", "QApplication",
        "QBoxLayout", "QButtonGroup", "QCalendarWidget", "QCheckBox", "QComboBox", "QDialog", "QFileDialog",
        "QFrame", "QGridLayout", "QHBoxLayout", "QHeaderView", "QLabel", "QLineEdit", "QMenu", "QPlainTextEdit",
        "QPushButton", "QRadioButton", "QScrollArea", "QScrollBar", "QScroller", "QSizePolicy", "QSpacerItem",
        "QStackedLayout", "QStackedWidget", "QStyle", "QStyleOptionViewItem", "QStyledItemDelegate", "QTableView",
        "QSlider", "QSystemTrayIcon",
        "QVBoxLayout", "QWidget",
    ),
}
# fmt: on


def make_types() -> None:
    """Ask for each of them once. Takes some 30 ms, so it comes after the first paint."""
    for module, names in USED.items():
        for name in names:
            getattr(module, name)
