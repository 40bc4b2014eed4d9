"""Addresses by which notices leave: what is understood, and that nothing of them is shown."""

from __future__ import annotations

import secrets

import pytest

from app.connection_urls import MailServer, is_mail_address
from config import Settings, SettingsError

SECRET = "s3cret-Word"
TOKEN = "0f3c9a7de1b24f55"
GOOD = {
    "CARELINE_ENV": "test", "CARELINE_SECRET_KEY": secrets.token_urlsafe(64),
    "CARELINE_FIELD_KEYS": secrets.token_urlsafe(40),
    "CARELINE_PUBLIC_URL": "https://desk.example.com/",
}


def settings(**more: str) -> Settings:
    return Settings.from_environment({**GOOD, **more})


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("mailtos://u%40a.cn:p%3Aw@mail.a.cn?from=desk@a.cn",
         MailServer("mail.a.cn", 587, "starttls", "desk@a.cn", "u@a.cn", "p:w")),
        ("mailtos://desk%40a.cn:pw@mail.a.cn:465?mode=ssl",
         MailServer("mail.a.cn", 465, "ssl", "desk@a.cn", "desk@a.cn", "pw")),
        ("mailto://10.0.0.5:2525/?from=desk@a.cn",
         MailServer("10.0.0.5", 2525, "insecure", "desk@a.cn")),
        ("mailto://[::1]?from=desk@a.cn", MailServer("::1", 25, "insecure", "desk@a.cn")),
    ],
)
def test_mail_servers(raw, expected):
    assert settings(CARELINE_NOTICES_MAIL=raw).notices_mail == expected


@pytest.mark.parametrize("raw", [
    f"smtp://u:{SECRET}@a.cn?from=d@a.cn", f"mailtos://u:{SECRET}@a.cn", "mailtos://a.cn",
    f"mailtos://u:{SECRET}@?from=d@a.cn", f"mailtos://u:{SECRET}@a.cn:99999?from=d@a.cn",
    f"mailtos://u:{SECRET}@a.cn?from=d@a.cn&to=x@b.cn",
    f"mailtos://u:{SECRET}@a.cn?from=d@a.cn&from=e@a.cn",
    f"mailtos://u:{SECRET}@a.cn?from=d@a.cn&mode=none",
    f"mailtos://u:{SECRET}@a.cn?from=d@a.cn&mode=insecure",
    f"mailto://u:{SECRET}@a.cn?from=d@a.cn", f"mailtos://{SECRET}@a.cn?from=d@a.cn",
    f"mailtos://u:{SECRET}@a.cn?from=d@a.cn%0aBcc:x@b.cn", f"mailtos://u:{SECRET}@[a?from=d@a.cn",
    f"mailtos://u:{SECRET}@a.cn/path?from=d@a.cn", f"mailtos://u:{SECRET}@a b?from=d@a.cn",
])
def test_a_bad_mail_server_stops_the_start_with_one_sentence(raw):
    with pytest.raises(SettingsError) as caught:
        settings(CARELINE_NOTICES_MAIL=raw)
    said = str(caught.value)
    assert said.startswith("CARELINE_NOTICES_MAIL ") and said.endswith(".")
    assert SECRET not in said and "\n" not in said
    assert caught.value.__suppress_context__


@pytest.mark.parametrize(("name", "raw"), [
    ("WECOM", f"wecombot://{TOKEN}/x"), ("WECOM", f"wecombot://{TOKEN}?redirect=yes"),
    ("WECOM", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={TOKEN}"),
    ("WECOM", f"wecombot://u@{TOKEN}"), ("DINGTALK", f"dingtalk://{TOKEN}/13800000000"),
    ("DINGTALK", f"dingtalk://@{TOKEN}"), ("FEISHU", f"lark://{TOKEN}"), ("FEISHU", "feishu://"),
])
def test_a_bad_robot_stops_the_start(name, raw):
    with pytest.raises(SettingsError, match=f"CARELINE_NOTICES_{name} must look like") as caught:
        settings(**{f"CARELINE_NOTICES_{name}": raw})
    assert TOKEN not in str(caught.value)


def test_robots_keep_their_capitals_and_show_nothing():
    made = settings(CARELINE_NOTICES_DINGTALK=f"dingtalk://SEC{SECRET}@AbC{TOKEN}",
                    CARELINE_NOTICES_WECOM=f"wecombot://{TOKEN}/",
                    CARELINE_NOTICES_FEISHU=f"feishu://{TOKEN}",
                    CARELINE_NOTICES_MAIL=f"mailtos://u:{SECRET}@a.cn?from=d@a.cn")
    assert (made.notices_dingtalk.secret, made.notices_dingtalk.token) == (
        f"SEC{SECRET}", f"AbC{TOKEN}")
    assert list(made.notice_channels) == ["mail", "wecom", "dingtalk", "feishu"]
    shown = repr(made) + repr(made.notice_channels)
    assert TOKEN not in shown and SECRET not in shown and GOOD["CARELINE_SECRET_KEY"] not in shown


def test_without_a_channel_nothing_is_asked_for():
    made = settings(CARELINE_PUBLIC_URL="")
    assert made.notice_channels == {} and made.public_url == ""


def test_a_link_needs_the_address_of_the_product():
    with pytest.raises(SettingsError, match="CARELINE_PUBLIC_URL is not set"):
        settings(CARELINE_NOTICES_WECOM=f"wecombot://{TOKEN}", CARELINE_PUBLIC_URL=" ")


@pytest.mark.parametrize("raw", ["desk.example.com", "ftp://a.cn", "https://u:p@a.cn", "https://",
                                 "https://a.cn/?x=1", "https://a.cn/#x", "https://a.cn/a b",
                                 "https://a.cn:x", "https://a.cn:0"])
def test_the_address_of_the_product_is_a_plain_one(raw):
    with pytest.raises(SettingsError, match="CARELINE_PUBLIC_URL must look like"):
        settings(CARELINE_PUBLIC_URL=raw)


def test_the_address_of_the_product_may_have_port_and_path():
    assert settings(CARELINE_PUBLIC_URL="http://a.cn:8080/desk/").public_url == (
        "http://a.cn:8080/desk")


def test_private_hosts():
    made = settings(CARELINE_NOTICES_PRIVATE_HOSTS=" Mail.House , 10.0.0.5,::1")
    assert made.notices_private_hosts == {"mail.house", "10.0.0.5", "::1"}
    with pytest.raises(SettingsError, match="CARELINE_NOTICES_PRIVATE_HOSTS must be names"):
        settings(CARELINE_NOTICES_PRIVATE_HOSTS="http://mail.house")


@pytest.mark.parametrize(("text", "well"), [
    ("li@a.cn", True), ("li.w+x@mail.a.cn", True), ("li@house", True), ("li", False),
    ("Li <li@a.cn>", False), ("li@a.cn\nBcc: x@b.cn", False), ("li@a.cn,x@b.cn", False),
    ("x" * 250 + "@a.cn", False), ("", False),
])
def test_mail_addresses(text, well):
    assert is_mail_address(text) is well
