"""How long a control that has just taken another's place does not answer: the finger was on its way to the other."""

from typing import Final

HANDS_OFF_SECONDS: Final = 1.0
