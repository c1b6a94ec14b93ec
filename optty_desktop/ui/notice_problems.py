"""Why nothing could be read from what was pasted or chosen, and what to do."""

from optty_desktop.core.errors import NoticeTrouble
from optty_desktop.ui.words import tr


def problem_words(trouble: NoticeTrouble) -> str:
    """Why nothing was read, and what to do, without a full stop at the end."""
    match trouble:
        case NoticeTrouble.EMPTY:
            return tr("There is nothing in it. Paste the text of a notification, or choose a file")
        case NoticeTrouble.TOO_LARGE:
            return tr("This is more than 1 MB, which no notification is. Copy the notification alone")
        case NoticeTrouble.TOO_MANY:
            return tr("These are more than 500 notifications. Paste those of one day, or fewer")
        case NoticeTrouble.NOT_TEXT:
            return tr("This file is no text. Save the notification as text or JSON, then choose that file")
        case NoticeTrouble.NONE_FOUND:
            return tr("There is no notification in this text. Copy the whole body, from its first to its last bracket")
        case NoticeTrouble.BROKEN:
            return tr("A part of the notification is missing or damaged. Copy it from its first to its last bracket")
        case NoticeTrouble.NAMES_NOTHING:
            return tr("This notification names no link and no order. Find the one that holds the invoice number")
        case NoticeTrouble.FILE:
            return tr("This file cannot be read on this computer. Choose another, or paste its text")
