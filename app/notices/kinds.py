"""Kinds of notice, and the ways by which they reach people. Pure."""

from __future__ import annotations

import dataclasses
import re

from app.i18n import N_


@dataclasses.dataclass(frozen=True, slots=True)
class NoticeKind:
    """What a notice is about.

    Attributes:
        name: identifier.
        label: shown name (message id).
        icon: name of an icon of the set.
        tone: colour role of the icon.
        passed_on: whether whoever stands in for a person who is away hears it too.
    """

    name: str
    label: str
    icon: str
    tone: str = "calm"
    passed_on: bool = False


ASSIGNED = NoticeKind("assigned", N_("Assigned to me"), "user-check", passed_on=True)
WAITING = NoticeKind("waiting", N_("Waiting for my decision"), "checklist", "warn", passed_on=True)
MOVED = NoticeKind("moved", N_("Progress of what I follow"), "arrow-right", "good")
CHANGED = NoticeKind("changed", N_("Changes of what I follow"), "pencil", "still")
DEADLINE = NoticeKind("deadline", N_("Deadlines"), "clock-exclamation", "bad",
                      passed_on=True)
MENTION = NoticeKind("mention", N_("Mentions and comments"), "at")
JOB = NoticeKind("job", N_("Finished jobs"), "clock-play", "still")

KINDS = {kind.name: kind for kind in (ASSIGNED, WAITING, MOVED, CHANGED, MENTION, DEADLINE, JOB)}
IN_PRODUCT = "product"


@dataclasses.dataclass(frozen=True, slots=True)
class Channel:
    """A way out of the product.

    Attributes:
        name: identifier, as in ``Settings.notice_channels``.
        label: shown name (message id).
        icon: name of an icon of the set.
        job_title: what the job that sends is called (message id).
        handle: pattern of that by which the group's robot calls a person; empty for mail.
        handle_label: what that is called on the page (message id).
    """

    name: str
    label: str
    icon: str
    job_title: str
    handle: str = ""
    handle_label: str = ""

    @property
    def is_group(self) -> bool:
        """Whether the message is read by a whole group."""
        return bool(self.handle)

    def accepts(self, handle: str) -> bool:
        """Return whether a text can call one person; the words that call all never do."""
        return bool(re.fullmatch(self.handle, handle)) and handle.lstrip("@").lower() != "all"


_MOBILE = r"\+?[0-9]{11,14}"
_USER_ID = r"[A-Za-z0-9_][A-Za-z0-9_.@-]{0,63}"
MAIL = Channel("mail", N_("Mail"), "mail", N_("Notice by mail"))
WECOM = Channel("wecom", N_("WeCom"), "message", N_("Notice by WeCom"), f"{_MOBILE}|{_USER_ID}",
                N_("Mobile number or user id in WeCom"))
DINGTALK = Channel("dingtalk", N_("DingTalk"), "message", N_("Notice by DingTalk"), _MOBILE,
                   N_("Mobile number in DingTalk"))
FEISHU = Channel("feishu", N_("Feishu"), "message", N_("Notice by Feishu"), _USER_ID,
                 N_("Open id or user id in Feishu"))
CHANNELS = {channel.name: channel for channel in (MAIL, WECOM, DINGTALK, FEISHU)}
