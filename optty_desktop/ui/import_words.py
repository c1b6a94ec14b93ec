"""The words of an import: what was found, in what it differs, what is missing, and what came of it."""

from optty_desktop.core.errors import AppError
from optty_desktop.core.route_import import Difference, DifferenceKind, FoundRequest, RequestRole, RouteImport
from optty_desktop.ui.error_words import Doing, sentence
from optty_desktop.ui.passage import Passage
from optty_desktop.ui.shown_text import harmless
from optty_desktop.ui.words import tr

_LONGEST = 160
_LONGEST_NAME = 80


def role_words(role: RequestRole) -> str:
    """What a request is called."""
    words = {
        RequestRole.TOKEN: tr("Token"),
        RequestRole.CREATE: tr("Create link"),
        RequestRole.CANCEL_OR_REFUND: tr("Cancel or refund"),
    }
    return words[role]


def request_words(found: FoundRequest) -> str:
    """Method and address of a request, as they would be sent."""
    return tr("{method} {address}", method=harmless(found.method, _LONGEST), address=harmless(found.address, _LONGEST))


def say_found(passage: Passage, found: FoundRequest) -> None:
    """One request that was recognised."""
    passage.say(tr("**{role}:** {request}"), role=role_words(found.role), request=request_words(found))


def say_missing(passage: Passage, role: RequestRole) -> None:
    """One request that the file does not hold."""
    passage.say(tr("**{role}:** not in this file, stays as it is."), role=role_words(role))


def say_open(passage: Passage, name: str) -> None:
    """A variable without a value."""
    variable = "{{" + harmless(name, _LONGEST) + "}}"
    passage.say(tr("**{variable}** has no value. The address it stands in stays as it is."), variable=variable)


def say_difference(passage: Passage, difference: Difference) -> None:
    """In what a request is not the one this program was made for."""
    words = {
        DifferenceKind.HOST: tr("**{role}:** goes to {found} instead of {documented}."),
        DifferenceKind.METHOD: tr("**{role}:** uses {found} instead of {documented}."),
        DifferenceKind.SCOPE: tr("**{role}:** asks for the scope {found} instead of {documented}."),
        DifferenceKind.GRANT: tr("**{role}:** asks with the grant type {found} instead of {documented}."),
        DifferenceKind.AUTHORISATION: tr("**{role}:** signs with {found}; this program sends a bearer token."),
        DifferenceKind.NEW_QUERY: tr("**{role}:** has {found} in its address, which this program does not send."),
        DifferenceKind.NEW_FIELD: tr("**{role}:** has the field {found}, which this program does not send."),
        DifferenceKind.MISSING_FIELD: tr("**{role}:** lacks the field {documented}, which this program sends."),
        DifferenceKind.NEW_HEADER: tr("**{role}:** has the header {found}, which this program does not send."),
    }
    passage.say(
        words[difference.kind],
        role=role_words(difference.role),
        found=harmless(difference.found, _LONGEST),
        documented=harmless(difference.documented, _LONGEST),
    )


def result_words(proposal: RouteImport) -> str:
    """What is so after an import: what the form holds now, and what is left to do."""
    found, file = proposal.credentials, file_words(proposal.source.file)
    if found.client_id and found.client_secret:
        return tr("Found the client ID and secret in “{file}”. Check the ID, then sign in.", file=file)
    if found.client_id:
        return tr("Found the client ID in “{file}”. Type the secret, then sign in.", file=file)
    if found.client_secret:
        return tr("Found the client secret in “{file}”. Type the ID, then sign in.", file=file)
    name = harmless(proposal.after.name, _LONGEST_NAME)
    if proposal.changes_anything:
        return tr(
            "{environment} uses the addresses of “{file}”. It holds no client ID or secret: type them below.",
            environment=name,
            file=file,
        )
    return tr(
        "{environment} works as “{file}” says already. It holds no client ID or secret: type them below.",
        environment=name,
        file=file,
    )


def file_words(name: str) -> str:
    """The name of a file, harmless and not too long."""
    return harmless(name, _LONGEST_NAME)


def failure_words(error: AppError, doing: Doing = Doing.SIGN_IN) -> str:
    """Why it was not done, and what to do."""
    return sentence(error, doing).text
