"""Which addresses on the network a notice may be sent to. Pure: no web, no database.

A name is looked up again when a connection is made, and may lead elsewhere then (DNS rebinding);
an answer may redirect. So what counts is decided where the interpreter connects: an audit hook
(PEP 578) sees the very address of every connection of the thread that sends, and refuses it
before a packet leaves. Looking up the name first only gives an understandable reason sooner.
"""

from __future__ import annotations

import contextlib
import contextvars
import dataclasses
import functools
import ipaddress
import socket
import sys
from collections.abc import Collection, Iterator
from typing import Any

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
# Addresses that stand for an IPv4 address behind a translator (RFC 6052).
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenAddress(OSError):
    """A connection would lead to an address of the house or of the machine itself.

    An ``OSError``, so that whoever connects takes it for a connection that failed.
    """


@dataclasses.dataclass
class GuardRecord:
    """What the guard saw while a message was sent.

    Attributes:
        allowed: addresses that the operator has allowed.
        refused: whether a connection was refused.
    """

    allowed: frozenset[Address]
    refused: bool = False


_watch: contextvars.ContextVar[GuardRecord | None] = contextvars.ContextVar("watch", default=None)


def meant(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 address stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _TRANSLATED:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        return address.ipv4_mapped or address.sixtofour or address
    return address


def is_permitted(address: Address, allowed: Collection[Address] = ()) -> bool:
    """Return whether a message may be sent to an address.

    Public addresses are permitted; private ones and those of the machine only if allowed;
    link-local ones (where clouds keep their metadata), multicast and the unspecified one never.

    Args:
        address: where the connection leads.
        allowed: addresses that the operator has allowed.
    """
    address = meant(address)
    if address.is_link_local or address.is_multicast or address.is_unspecified:
        return False
    return address.is_global or address in allowed


def addresses_of(host: str) -> frozenset[Address]:
    """Look up a host.

    Args:
        host: name or address.

    Raises:
        OSError: it is not known.
    """
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except UnicodeError as error:
        raise OSError(f"{host!r} is no name of a host") from error
    # An IPv6 address may carry the name of an interface.
    return frozenset(meant(ipaddress.ip_address(str(row[4][0]).partition("%")[0])) for row in found)


def allowed_by(hosts: Collection[str]) -> frozenset[Address]:
    """Return the addresses of the hosts that the operator names; unknown ones allow nothing."""
    found: set[Address] = set()
    for host in hosts:
        with contextlib.suppress(OSError):
            found |= addresses_of(host)
    return frozenset(found)


@contextlib.contextmanager
def guarded(allowed: frozenset[Address]) -> Iterator[GuardRecord]:
    """Refuse connections of this thread to forbidden addresses while the block runs.

    Args:
        allowed: addresses that the operator has allowed.
    """
    _install()
    watch = GuardRecord(allowed)
    token = _watch.set(watch)
    try:
        yield watch
    finally:
        _watch.reset(token)


@functools.cache
def _install() -> None:
    # For the life of the process: hooks cannot be taken out. Only the worker comes by here.
    sys.addaudithook(_audit)


def _audit(event: str, args: tuple[Any, ...]) -> None:
    if event != "socket.connect":
        return
    watch = _watch.get()
    if watch is None:
        return
    target = args[1]
    try:
        # What is no address of the internet (a path of a socket file) or still a name is refused.
        host = target[0] if isinstance(target, tuple) else ""
        permitted = is_permitted(ipaddress.ip_address(host.partition("%")[0]), watch.allowed)
    except ValueError:
        permitted = False
    if not permitted:
        watch.refused = True
        raise ForbiddenAddress("the address is not permitted")
