"""Credentials stay out of everything that is shown.

They come from the environment or from a tool's own login and are never asked for.  A server's message, or a library's
error, may still repeat one: what is shown goes through :func:`scrub`.
"""

from __future__ import annotations

import os
import re
from typing import Final

from corpuskit.errors import PublishError

_NAMES: Final = re.compile(
    r"TOKEN|SECRET|PASSWORD|CREDENTIAL|ACCESS_KEY|ACCOUNT_KEY|CONNECTION_STRING|SAS", re.IGNORECASE
)
_FORMS: Final = re.compile(r"\bhf_[A-Za-z0-9]{10,}|(?i:\bbearer\s+)[^\s\"',;]+|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b")
"""What a credential looks like: a Hub token, an Authorization header, an AWS key id."""
_USERINFO: Final = re.compile(r"^[\w.+-]+://[^/@]*:[^/@]*@")
_SHORTEST: Final = 6
"""A value shorter than this is no credential, and would blot out ordinary words."""


def scrub(text: str) -> str:
    """Return ``text`` without the credentials that this process knows, or that look like one."""
    for secret in sorted(_known(), key=len, reverse=True):
        text = text.replace(secret, "***")
    return _FORMS.sub("***", text)


def _known() -> set[str]:
    """Return the values of the environment that are credentials by their name, and the Hub's own login."""
    found = {value for name, value in os.environ.items() if _NAMES.search(name)}
    from huggingface_hub import get_token

    found.add(get_token() or "")
    return {value for value in found if len(value) >= _SHORTEST and not os.path.exists(value)}  # noqa: PTH110 - any text


def refuse_in_address(address: str) -> None:
    """Refuse an address that holds a password: it would stand in shell histories, logs and reports.

    Raises:
        PublishError: it does.
    """
    if _USERINFO.match(address) or _FORMS.search(address):
        raise PublishError(
            "the address holds a credential",
            where=_FORMS.sub("***", _USERINFO.sub("***@", address)),
            remedy="Take it out: credentials come from the environment or from the tool's own login. "
            "Since it stood in a command, replace it by a new one.",
        )
