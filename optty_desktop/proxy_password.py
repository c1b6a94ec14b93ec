"""The command that puts the password of the network's proxy into the keychain, which is the only place for it."""

import asyncio
import getpass
import sys

from optty_desktop.audit_command import audit_file
from optty_desktop.core.audit_chain import AuditAction, Deed
from optty_desktop.core.errors import JournalProblem, KeychainProblem, ProfileProblem
from optty_desktop.shop_files import network_in_force
from optty_desktop.system.keychain import OsKeychain
from optty_desktop.system.paths import AppPaths
from optty_desktop.system.policy_settings import load_policy


def keep_proxy_password(paths: AppPaths, keychain: OsKeychain) -> int:
    """Ask for the password of the user that ``network.toml`` names, and keep it; an empty one erases what was kept.

    Returns the exit code. From a terminal the password is not shown while it is typed; else it is read from there.
    """
    try:
        user = _user(paths)
        password = getpass.getpass(f"Password of {user}: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
        audit_file(paths).add(Deed(AuditAction.PROXY_PASSWORD_CHANGED))
        asyncio.run(_keep(keychain, user, password))
    except (ProfileProblem, KeychainProblem, JournalProblem) as problem:
        print(f"Nothing was changed: {problem}.", file=sys.stderr)
        return 1
    print("The password is kept." if password else "The password is erased.")
    return 0


def _user(paths: AppPaths) -> str:
    policy = load_policy(paths.policies)
    proxy = network_in_force(policy, paths).proxy
    if proxy is None or not proxy.user:
        file = paths.network_file.name if policy is None or policy.network is None else policy.file
        raise ProfileProblem(f"{file}: proxy.user is missing")
    return proxy.user


async def _keep(keychain: OsKeychain, user: str, password: str) -> None:
    if password:
        await keychain.store_proxy_password(user, password)
    else:
        await keychain.erase_proxy_password(user)
