"""Sends one message through apprise. Imported by the job that sends, never by a web process.

Mail goes out as apprise sends it. For the robots of WeCom, DingTalk and Feishu apprise (2.2) knows
addresses, keys, signature and pace, but it neither reads the answer (these services refuse with
HTTP 200 and a code in the body, so that a lost message would count as sent) nor calls a person in
a WeCom or Feishu group. Their classes are therefore extended by what they post and how the answer
is read.
"""

from __future__ import annotations

import datetime as dt
import json
import logging
from typing import Any

import requests
from apprise import AppriseAsset, NotifyFormat
from apprise.plugins.base import NotifyBase
from apprise.plugins.dingtalk import NotifyDingTalk
from apprise.plugins.email import NotifyEmail
from apprise.plugins.feishu import NotifyFeishu
from apprise.plugins.wecombot import NotifyWeComBot

from app.connection_urls import MailServer, Robot
from app.i18n import N_
from app.jobs.kinds import JobFailed, TryLater
from app.notices.ssrf_guard import Address, GuardRecord, addresses_of, guarded, is_permitted

PRIVATE = N_("%(host)s lies at a private address, which CARELINE_NOTICES_PRIVATE_HOSTS does not "
             "allow.")
UNKNOWN = N_("The name %(host)s cannot be looked up.")
UNREACHED = N_("%(host)s could not be reached.")
NO_MAIL = N_("The mail server %(host)s could not be reached or did not take the message.")
REFUSED = N_("%(host)s refused the message with the code %(code)s.")
# Answers of robots are a few dozen bytes.
_ANSWER_BYTES = 65_536
_ASSET = {"app_id": "Careline", "app_desc": "Careline", "http_redirects": False}
# Their most talkative level writes whole addresses, keys included.
for _name in ("apprise", "urllib3"):
    logging.getLogger(_name).setLevel(logging.INFO)


class _Answered(NotifyBase):
    """What the three robots have in common: post JSON, follow nothing, read the code."""

    host = ""
    code = "errcode"

    def post(self, url: str, payload: dict[str, Any], params: Any = None) -> bool:
        """Post a message.

        Raises:
            TryLater: the service refused it or was not reached; nothing of the address is told.
        """
        self.throttle()
        try:
            with requests.post(
                url, json=payload, params=params, timeout=self.request_timeout,
                allow_redirects=False, stream=True, headers={"User-Agent": self.app_id},
            ) as answer:
                status = answer.status_code
                body = answer.raw.read(_ANSWER_BYTES, decode_content=True)
        except (requests.RequestException, OSError):
            # Its text holds the address with the key.
            raise _Trouble(UNREACHED, host=self.host) from None
        try:
            code = json.loads(body).get(self.code)
        except (ValueError, AttributeError):
            code = None
        if status != 200 or code != 0:
            shown = code if isinstance(code, int) and status == 200 else f"HTTP {status}"
            raise _Trouble(REFUSED, host=self.host, code=shown)
        return True


class _Trouble(Exception):
    """Why a message was not sent, as a message id with values."""

    def __init__(self, message: str, **values: Any) -> None:
        super().__init__(message)
        self.message, self.values = message, values


class _WeCom(_Answered, NotifyWeComBot):
    host = "qyapi.weixin.qq.com"
    handle = ""

    def send(self, body: str, **_others: Any) -> bool:
        """Post a text; a number of digits is a mobile number, all else a user id."""
        text: dict[str, Any] = {"content": body}
        if self.handle:
            by_number = self.handle.lstrip("+").isdigit()
            text["mentioned_mobile_list" if by_number else "mentioned_list"] = [self.handle]
        return self.post(self.api_url, {"msgtype": "text", "text": text})


class _DingTalk(_Answered, NotifyDingTalk):
    host = "oapi.dingtalk.com"

    def send(self, body: str, **_others: Any) -> bool:
        """Post a text, signed where there is a secret."""
        url = self.notify_url.format(token=self.token)
        if self.secret:
            stamp, signature = self.get_signature()
            # The signature is quoted already.
            url = f"{url}&timestamp={stamp}&sign={signature}"
        return self.post(url, {"msgtype": "text", "text": {"content": body},
                               "at": {"atMobiles": self.targets, "isAtAll": False}})


class _Feishu(_Answered, NotifyFeishu):
    host = "open.feishu.cn"
    code = "code"
    handle = ""

    def send(self, body: str, **_others: Any) -> bool:
        """Post a text; a person is called by a tag in it."""
        called = f'<at user_id="{self.handle}"></at> ' if self.handle else ""
        return self.post(self.notify_url.format(token=self.token),
                         {"msg_type": "text", "content": {"text": called + body}})


def _robot(name: str, robot: Robot, handle: str, asset: AppriseAsset) -> Any:
    if name == "dingtalk":
        return _DingTalk(token=robot.token, secret=robot.secret or None, asset=asset,
                         targets=[handle] if handle else None)
    made = (_WeCom(key=robot.token, asset=asset) if name == "wecom"
            else _Feishu(token=robot.token, asset=asset))
    made.handle = handle
    return made


def _mail(server: MailServer, receiver: str, asset: AppriseAsset) -> NotifyEmail:
    return NotifyEmail(
        # A host of the address would be taken for the domain of the user.
        host=server.sender.rpartition("@")[2], smtp_host=server.host, port=server.port,
        secure_mode=server.mode, user=server.user or None, password=server.password or None,
        from_addr=f"Careline <{server.sender}>", targets=[receiver], asset=asset,
    )


def send(
    name: str, way: MailServer | Robot, to: str, title: str, body: str,
    allowed: frozenset[Address], pause: dt.timedelta,
) -> None:
    """Send one message.

    Args:
        name: name of the channel.
        way: as it is set up.
        to: mail address, or that by which a robot calls the person; may be empty for a robot.
        title: subject of a mail; robots have none.
        body: plain text.
        allowed: private addresses that the operator has allowed.
        pause: how long to wait before the next try.

    Raises:
        JobFailed: the address is not permitted; another try would not help.
        TryLater: it was not sent.
    """
    asset = AppriseAsset(storage_mode="memory", **_ASSET)
    plugin = (_mail(way, to, asset) if isinstance(way, MailServer)
              else _robot(name, way, to, asset))
    host = way.host if isinstance(way, MailServer) else plugin.host
    values = {"host": host}
    try:
        found = addresses_of(way.host) if isinstance(way, MailServer) else frozenset()
    except OSError:
        raise TryLater(UNKNOWN, pause, **values) from None
    if any(not is_permitted(address, allowed) for address in found):
        raise JobFailed(PRIVATE, **values)
    with guarded(allowed) as watch:
        trouble = _try(plugin, title, body)
    _judge(watch, trouble, values, pause)


def _try(plugin: Any, title: str, body: str) -> _Trouble | bool:
    try:
        return plugin.notify(body=body, title=title, body_format=NotifyFormat.TEXT)
    except _Trouble as trouble:
        return trouble


def _judge(
    watch: GuardRecord, outcome: _Trouble | bool, values: dict[str, str], pause: dt.timedelta
) -> None:
    if outcome is True:
        return
    if watch.refused:
        raise JobFailed(PRIVATE, **values)
    if isinstance(outcome, _Trouble):
        raise TryLater(outcome.message, pause, **outcome.values)
    raise TryLater(NO_MAIL, pause, **values)
