"""What the window stands on, for the support file."""

from PySide6.QtGui import QGuiApplication

from optty_desktop.core.diagnosis import Display, Screen


def display_of_window() -> Display:
    """The window system and its screens; belongs to the thread of the window."""
    screens = (
        Screen(screen.size().width(), screen.size().height(), screen.devicePixelRatio())
        for screen in QGuiApplication.screens()
    )
    return Display(QGuiApplication.platformName(), tuple(screens))
