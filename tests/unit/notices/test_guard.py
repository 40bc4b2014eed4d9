"""Where a message may be sent to: the rule, and that it holds at the very connection."""

from __future__ import annotations

import ipaddress
import socket
import threading

import pytest

from app.notices import ssrf_guard
from app.notices.ssrf_guard import ForbiddenAddress, allowed_by, guarded, is_permitted

LOOP = ipaddress.ip_address("127.0.0.1")


@pytest.mark.parametrize("text", ["8.8.8.8", "2001:4860:4860::8888", "::ffff:8.8.8.8"])
def test_public_addresses_are_permitted(text):
    assert is_permitted(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", [
    "127.0.0.1", "127.8.8.8", "10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "::1",
    "fd00::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::",
    "240.0.0.1", "255.255.255.255",
])
def test_private_ones_are_permitted_only_where_allowed(text):
    address = ipaddress.ip_address(text)
    assert not is_permitted(address)
    assert is_permitted(address, {ssrf_guard.meant(address)})


@pytest.mark.parametrize("text", ["169.254.169.254", "fe80::1", "::ffff:169.254.169.254",
                                  "64:ff9b::a9fe:a9fe", "224.0.0.1", "ff02::1", "0.0.0.0", "::"])
def test_some_are_never_permitted(text):
    address = ipaddress.ip_address(text)
    assert not is_permitted(address, {address, ssrf_guard.meant(address)})


@pytest.fixture
def listener():
    """A socket of this machine that takes connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_forbidden_connection_fails_before_a_packet_leaves(listener):
    listener.settimeout(0.2)
    with guarded(frozenset()) as watch, pytest.raises(ForbiddenAddress):
        socket.create_connection(listener.getsockname(), timeout=2)
    assert watch.refused
    with pytest.raises(TimeoutError):
        listener.accept()


def test_an_allowed_one_is_made_and_nothing_holds_afterwards(listener):
    with guarded(frozenset({LOOP})) as watch:
        socket.create_connection(listener.getsockname(), timeout=2).close()
    assert not watch.refused
    with guarded(frozenset()):
        pass
    socket.create_connection(listener.getsockname(), timeout=2).close()


def test_a_name_that_leads_elsewhere_the_second_time_gets_nowhere(listener, monkeypatch):
    port = listener.getsockname()[1]
    asked = []

    def lookup(host, *_args, **_kwargs):
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    first = ssrf_guard.addresses_of("rebinding.example")
    assert all(is_permitted(address) for address in first)
    with guarded(frozenset()) as watch, pytest.raises(ForbiddenAddress):
        socket.create_connection(("rebinding.example", port), timeout=2)
    assert watch.refused and asked == ["rebinding.example"] * 2


@pytest.mark.parametrize("target", ["/tmp/none.sock", "\0abstract"])
def test_socket_files_are_no_way_out(target):
    with (
        guarded(frozenset({LOOP})), socket.socket(socket.AF_UNIX) as sock,
        pytest.raises(ForbiddenAddress),
    ):
        sock.connect(target)


def test_other_threads_are_left_alone(listener):
    found = []

    def connect():
        socket.create_connection(listener.getsockname(), timeout=2).close()
        found.append(True)

    with guarded(frozenset()):
        thread = threading.Thread(target=connect)
        thread.start()
        thread.join(5)
    assert found == [True]


def test_what_the_operator_allows_is_looked_up_and_the_unknown_allows_nothing(monkeypatch):
    def lookup(host, *_args, **_kwargs):
        if host != "mail.house":
            raise socket.gaierror(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.5", 0))]

    monkeypatch.setattr(socket, "getaddrinfo", lookup)
    assert allowed_by({"mail.house", "gone.house"}) == {ipaddress.ip_address("10.0.0.5")}
