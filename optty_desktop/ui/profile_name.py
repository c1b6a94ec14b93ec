"""The name a shop has given to the environment it works in, where that says more than the kind does."""

from typing import Final

from optty_desktop.core.environments import Environment, EnvironmentKind
from optty_desktop.ui.shown_text import harmless

_LONGEST: Final = 32
_BUILT_IN: Final = frozenset({"Sandbox", "Live"})


def own_name(environment: Environment) -> str:
    """Return the profile's own name, cut to what a header has room for; "" for training and a built-in name."""
    if environment.kind is EnvironmentKind.TRAINING or environment.name in _BUILT_IN:
        return ""
    return harmless(environment.name, _LONGEST)
