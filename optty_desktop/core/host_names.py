"""Host names that a person is asked to believe: how they read, and which of them nobody may be asked about.

Payment addresses are ASCII, so letters of other scripts come as punycode ("xn--…"). A person has to see both forms,
and a name that mixes scripts within a word is made to be mistaken for another.
"""

import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from optty_desktop.core.environments import OPTTY_HOSTS, Environment, EnvironmentKind
from optty_desktop.core.profile_rules import LOOPBACK_HOSTS, RuleBroken, check_link_host

_PUNYCODE: Final = "xn--"
_TEST_HOSTS: Final = ".qa.optty.com"
_LETTERS: Final = frozenset({"Ll", "Lo", "Lm"})
_MARKS: Final = frozenset({"Mn", "Mc"})
# Japanese and Korean are written in several scripts at once.
_WRITTEN_TOGETHER: Final = (
    frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    frozenset({"CJK", "HANGUL"}),
)


class HostFault(StrEnum):
    """Why a host cannot be confirmed here."""

    NAME = "not a full host name"
    MIXED_SCRIPTS = "letters of several scripts in one word"
    TEST_SYSTEM = "a host of the test system"
    OTHER_KIND = "a host of another kind of environment"
    POLICY = "set by the administrator"


def readable_host(host: str) -> str | None:
    """Return the host with its own letters instead of punycode; None where that cannot be read for sure."""
    labels = [_decoded(label) for label in host.split(".")]
    return ".".join(label for label in labels if label is not None) if None not in labels else None


def fault_of(host: str, environment: Environment, others: Iterable[Environment]) -> HostFault | None:
    """Why links of ``environment`` can never lead to ``host``, whoever confirms it; None where a person may decide.

    A host whose links another kind of environment takes stays with that kind.
    """
    if not _is_full_name(host) or host in LOOPBACK_HOSTS:
        return HostFault.NAME
    readable = readable_host(host)
    is_ours = f".{host}".endswith(OPTTY_HOSTS)
    if readable is None or (is_ours and readable != host) or not all(map(_is_one_script, readable.split("."))):
        return HostFault.MIXED_SCRIPTS
    if environment.kind is EnvironmentKind.LIVE and f".{host}".endswith(_TEST_HOSTS):
        return HostFault.TEST_SYSTEM
    if any(other.kind is not environment.kind and host in other.link_hosts for other in others):
        return HostFault.OTHER_KIND
    return None


def _is_full_name(host: str) -> bool:
    """A name with a letter in its last word: what ends in a number is the address of a computer."""
    try:
        check_link_host(host)
    except RuleBroken:
        return False
    last = host.rpartition(".")[2]
    return host != OPTTY_HOSTS and not last[0].isdigit()


def _decoded(label: str) -> str | None:
    if not label.startswith(_PUNYCODE):
        return label
    try:
        text = label.removeprefix(_PUNYCODE).encode("ascii").decode("punycode")
    except UnicodeError:
        return None
    is_canonical = _PUNYCODE + text.encode("punycode").decode("ascii") == label and not text.isascii()
    is_plain = all(_is_plain(character) for character in text)
    is_usual = unicodedata.normalize("NFKC", text) == text == text.lower()
    return text if is_canonical and is_plain and is_usual else None


def _is_plain(character: str) -> bool:
    if character.isascii():
        return character.isalnum() or character == "-"
    return unicodedata.category(character) in _LETTERS | _MARKS


def _is_one_script(label: str) -> bool:
    """By the first word of each letter's name, which is that of its script."""
    scripts = {unicodedata.name(one, "?").split()[0] for one in label if unicodedata.category(one) in _LETTERS}
    return len(scripts) <= 1 or any(scripts <= together for together in _WRITTEN_TOGETHER)
