"""By what a robot may call a person: one person, never everybody."""

from __future__ import annotations

import pytest

from app.notices.kinds import CHANNELS, DINGTALK, FEISHU, MAIL, WECOM


@pytest.mark.parametrize(("channel", "handle"), [
    (WECOM, "13800138000"), (WECOM, "LiXiaowen"), (WECOM, "li.xw@house"),
    (DINGTALK, "13800138000"), (DINGTALK, "+8613800138000"), (FEISHU, "ou_18eac85d35a26"),
])
def test_one_person_can_be_called(channel, handle):
    assert channel.accepts(handle)


@pytest.mark.parametrize("handle", [
    "", "all", "@all", "ALL", "@@all", '"/><at user_id="all', "a b", "a\n", "x" * 65, "李晓雯",
])
@pytest.mark.parametrize("name", CHANNELS)
def test_nothing_else_can(name, handle):
    assert handle == "" or not CHANNELS[name].accepts(handle)


def test_dingtalk_knows_only_numbers_and_mail_needs_nothing():
    assert not DINGTALK.accepts("LiXiaowen")
    assert [channel.name for channel in CHANNELS.values() if not channel.is_group] == [MAIL.name]
