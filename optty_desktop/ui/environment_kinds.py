"""The three kinds of environment, as the plain words `core.environments.EnvironmentKind` stands for.

The first window needs the words only; loading the profiles for them would delay it.
"""

from typing import Final

TRAINING: Final = "training"
SANDBOX: Final = "sandbox"
LIVE: Final = "live"
