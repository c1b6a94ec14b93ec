"""How the till speaks up when nobody looks: its sounds, and the notifications of the desktop."""

from dataclasses import dataclass

from optty_desktop.core.ports import Notifier
from optty_desktop.till.sounds import Sounds


@dataclass(frozen=True, slots=True)
class Voice:
    """Lives as long as the program. Without a ``notifier`` Qt shows notifications, beside the clock."""

    sounds: Sounds
    notifier: Notifier | None = None
