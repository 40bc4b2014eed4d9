"""Addresses as the operator writes them: of services, and of the ways by which notices leave.

Those for notices are written as apprise writes them, but only the parts named here are understood.
apprise itself is not asked: web processes read the settings too and shall not carry it in memory.
It is given the parts of an address one by one, so that there are no two opinions on where a message
goes.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

_MAIL = re.compile(r"[A-Za-z0-9._%+'-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*")
_PORTS = {"starttls": 587, "ssl": 465, "insecure": 25}
_MAIL_SAMPLE = "must look like mailtos://user:password@host:587?from=sender"
MAIL_SCHEMES = {"mailto": "insecure", "mailtos": "starttls"}


@dataclasses.dataclass(frozen=True, slots=True)
class MailServer:
    """A mail server and in whose name it sends.

    Attributes:
        host: name or address of the server.
        port: its TCP port.
        mode: ``starttls``, ``ssl`` or ``insecure``.
        sender: address of the sender.
        user: who signs in there; empty where nobody has to.
        password: their password; never shown.
    """

    host: str
    port: int
    mode: str
    sender: str
    user: str = dataclasses.field(default="", repr=False)
    password: str = dataclasses.field(default="", repr=False)


@dataclasses.dataclass(frozen=True, slots=True)
class Robot:
    """The robot of a group in a messenger; whoever knows its token can write to the group.

    Attributes:
        token: the last part of the address that the messenger shows; never shown.
        secret: with which messages are signed; empty where they are not.
    """

    token: str = dataclasses.field(repr=False)
    secret: str = dataclasses.field(default="", repr=False)


def is_mail_address(text: str) -> bool:
    """Return whether a text is one plain mail address, without a name or a line break."""
    return len(text) <= 254 and _MAIL.fullmatch(text) is not None


def read_mail(raw: str) -> MailServer | None:
    """Read ``mailtos://user:password@host:port?from=sender``; empty means no mail.

    Args:
        raw: what the operator wrote. ``mailtos`` encrypts by STARTTLS, ``mailto`` not at all;
            ``mode=ssl`` encrypts from the first byte. ``from`` may be left out where the user is a
            mail address.

    Raises:
        ValueError: a half-sentence without any part of the address.
    """
    if not raw.strip():
        return None
    parts, host, port = _mail_parts(raw.strip())
    options = _mail_options(parts.query)
    mode = _mail_mode(parts.scheme, options)
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    if bool(user) != bool(password):
        raise ValueError("must have both user and password, or neither")
    if password and mode == "insecure":
        raise ValueError("would send the password unencrypted; use mailtos://")
    sender = options.get("from", user)
    if not is_mail_address(sender):
        raise ValueError("must have a mail address as from")
    return MailServer(host, port or _PORTS[mode], mode, sender, user, password)


def _mail_parts(raw: str) -> tuple[SplitResult, str, int | None]:
    """Return the parts of a server's address, its host and its port if one is named."""
    try:
        parts = urlsplit(raw)
        port = parts.port
    except ValueError:
        raise ValueError(_MAIL_SAMPLE) from None
    if parts.scheme not in MAIL_SCHEMES or not parts.hostname or parts.path not in ("", "/"):
        raise ValueError(_MAIL_SAMPLE)
    if not _HOST.fullmatch(parts.hostname):
        raise ValueError("names no proper mail server")
    return parts, parts.hostname, port


def _mail_options(query: str) -> dict[str, str]:
    """Return what stands after the question mark, by name."""
    try:
        options = parse_qs(query, strict_parsing=True) if query else {}
    except ValueError:
        raise ValueError(_MAIL_SAMPLE) from None
    if set(options) - {"from", "mode"} or any(len(values) > 1 for values in options.values()):
        raise ValueError("may have only from and mode after the question mark, once each")
    return {name: values[0] for name, values in options.items()}


def _mail_mode(scheme: str, options: Mapping[str, str]) -> str:
    """Return how the connection is encrypted."""
    mode = options.get("mode", MAIL_SCHEMES[scheme])
    if mode not in _PORTS:
        raise ValueError("must have mode starttls, ssl or insecure")
    if scheme == "mailtos" and mode == "insecure":
        raise ValueError("must begin with mailto:// where mode is insecure")
    return mode


def _robot(raw: str, scheme: str, sample: str, signed: bool = False) -> Robot | None:
    if not raw.strip():
        return None
    # By hand: a token is no host name, and its capitals count.
    kind, _, rest = raw.strip().partition("://")
    secret, at, token = rest.removesuffix("/").rpartition("@")
    names = (token, secret) if at else (token,)
    if kind != scheme or (at and not signed) or not all(
        re.fullmatch(r"[A-Za-z0-9_-]{8,128}", name) for name in names
    ):
        raise ValueError(f"must look like {sample}")
    return Robot(token, secret)


def read_wecom(raw: str) -> Robot | None:
    """Read ``wecombot://KEY``; empty means none.

    Raises:
        ValueError: a half-sentence without any part of the address.
    """
    return _robot(raw, "wecombot", "wecombot://KEY")


def read_dingtalk(raw: str) -> Robot | None:
    """Read ``dingtalk://SECRET@TOKEN`` or ``dingtalk://TOKEN``; empty means none.

    Raises:
        ValueError: a half-sentence without any part of the address.
    """
    return _robot(raw, "dingtalk", "dingtalk://SECRET@TOKEN", signed=True)


def read_feishu(raw: str) -> Robot | None:
    """Read ``feishu://TOKEN``; empty means none.

    Raises:
        ValueError: a half-sentence without any part of the address.
    """
    return _robot(raw, "feishu", "feishu://TOKEN")


def read_hosts(raw: str) -> frozenset[str]:
    """Read names or addresses of hosts, separated by commas.

    Raises:
        ValueError: one of them is neither.
    """
    names = [name.strip().lower() for name in raw.split(",") if name.strip()]
    if not all(_HOST.fullmatch(name) for name in names):
        raise ValueError("must be names or addresses of hosts, separated by commas")
    return frozenset(names)


def read_public_url(raw: str) -> str:
    """Read the address under which people reach the product, without a slash at its end.

    Raises:
        ValueError: it is no plain web address.
    """
    value = raw.strip().rstrip("/")
    if not value:
        return ""
    parts = None
    try:
        parts = urlsplit(value)
        well = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.hostname or "")
        well = well and (parts.port is None or parts.port > 0)
    except ValueError:
        well = False
    if not well or parts is None or "@" in parts.netloc or parts.query or parts.fragment or (
            re.search(r"[\s\"'<>\\]", value)):
        raise ValueError("must look like https://desk.example.com")
    return value


def read_redis_url(raw: str) -> str:
    """Read the address of a Redis server; empty means none.

    Raises:
        ValueError: it is no address of one.
    """
    value = raw.strip()
    if value and not value.startswith(("redis://", "rediss://", "unix://")):
        raise ValueError("must be empty or start with redis://, rediss:// or unix://")
    return value
