"""What ``preferences.json`` says, read at once: the first paint may need a word of it, and waits for nothing more."""

from pathlib import Path
from typing import Any

from optty_desktop.core.theme_choice import ThemeChoice

_LARGEST = 64 * 1024


def read_preferences(file: Path) -> dict[str, Any]:
    """What the file says; nothing where it is not there or makes no sense."""
    try:
        with file.open("rb") as opened:
            text = opened.read(_LARGEST)
    except OSError:
        return {}
    # Only a till that has such a file waits for this.
    import json

    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def table(content: dict[str, Any], name: str) -> dict[str, Any]:
    """One part of what the file says; empty where there is none of use."""
    found = content.get(name)
    return found if isinstance(found, dict) else {}


def last_environment(content: dict[str, Any]) -> str | None:
    """The environment of the last sign-in on this computer; None where nobody knows."""
    found = table(content, "sign_in").get("environment")
    return found if isinstance(found, str) else None


def theme_choice(content: dict[str, Any]) -> ThemeChoice | None:
    """The theme somebody chose; None where nobody has, and for a word that means none."""
    found = table(content, "look").get("theme")
    return next((choice for choice in ThemeChoice if choice == found), None)
