"""Receivers of messages that leave the product: a mail server and a web server for robots."""

from __future__ import annotations

import contextlib
import email
import email.message
import email.policy
import http.server
import json
import socketserver
import threading
from collections.abc import Iterator
from typing import Any


class MailReceiver(socketserver.ThreadingTCPServer):
    """A mail server that keeps what it is given.

    Attributes:
        messages: the messages taken, the oldest first.
        answers: replies to the next receivers that are named, instead of ``250``.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _MailTalk)
        self.messages: list[email.message.EmailMessage] = []
        self.answers: list[str] = []

    @property
    def port(self) -> int:
        """Port it listens on."""
        return self.server_address[1]


class _MailTalk(socketserver.StreamRequestHandler):
    server: MailReceiver

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())

    def handle(self) -> None:
        self._say("220 receiver")
        while line := self.rfile.readline().strip().upper():
            if line == b"DATA":
                self._say("354 go on")
                self._take()
                self._say("250 taken")
            elif line.startswith(b"RCPT"):
                self._say(self.server.answers.pop(0) if self.server.answers else "250 ok")
            elif line == b"QUIT":
                self._say("221 bye")
                return
            else:
                self._say("250 ok")

    def _take(self) -> None:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b".") if line.startswith(b"..") else line)
        self.server.messages.append(
            email.message_from_bytes(b"".join(lines), policy=email.policy.default)
        )


class RobotReceiver(http.server.ThreadingHTTPServer):
    """A web server that keeps the JSON it is sent.

    Attributes:
        posts: path and content of each request, the oldest first.
        answers: status, headers and content of the next answers, instead of success.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _RobotTalk)
        self.posts: list[tuple[str, Any]] = []
        self.answers: list[tuple[int, dict[str, str], Any]] = []

    @property
    def url(self) -> str:
        """Address without a slash at its end."""
        return f"http://127.0.0.1:{self.server_address[1]}"


class _RobotTalk(http.server.BaseHTTPRequestHandler):
    server: RobotReceiver

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posts.append((self.path, json.loads(content)))
        status, headers, answer = (
            self.server.answers.pop(0) if self.server.answers
            else (200, {}, {"errcode": 0, "code": 0})
        )
        body = json.dumps(answer).encode()
        self.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(body))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST

    def log_message(self, format: str, *args: Any) -> None:
        """Requests are kept; nothing is printed."""


@contextlib.contextmanager
def running(
    server: MailReceiver | RobotReceiver,
) -> Iterator[MailReceiver | RobotReceiver]:
    """Run a receiver while the block runs."""
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
