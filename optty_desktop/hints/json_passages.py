"""Finds the passages of a text that may be JSON: from a bracket to the one that closes it.

One pass, however the brackets stand: a text of nothing but brackets must not take a till's time.
"""

import re
from collections.abc import Iterator
from typing import Final

# A string stays on its line, and a backslash outside of one takes its neighbour along: so no quote is looked at twice.
_TOKEN: Final = re.compile(r'"(?:[^"\\\r\n]|\\[^\r\n])*+"|\\.|[{}\[\]]')
_CLOSES: Final = {"}": "{", "]": "["}


def json_passages(text: str) -> Iterator[str]:
    """Yield the outermost bracketed passages, in order; what never closes is passed over, what stands in it is not."""
    opened: list[tuple[str, int]] = []
    closed: list[tuple[int, int]] = []
    for match in _TOKEN.finditer(text):
        token = match[0]
        if token in ("{", "["):
            opened.append((token, match.start()))
        elif token in _CLOSES and opened and opened[-1][0] == _CLOSES[token]:
            start = opened.pop()[1]
            while closed and closed[-1][0] > start:
                closed.pop()
            closed.append((start, match.end()))
    yield from (text[start:end] for start, end in closed)
