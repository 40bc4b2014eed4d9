"""What an enquiry was answered by was a text once: migrations make a link of it."""

from __future__ import annotations

from alembic import command
from sqlalchemy import select, text

from app.host import migrations
from app.host.host import EXTENSION
from app.sdk.abilities import call
from app.sdk.records import links_of
from config import ROOT
from plugins.enquiries.models import Enquiry
from plugins.enquiries.tests.helpers import taken


def test_a_number_becomes_a_link_and_any_other_text_a_remark(house):
    article = call(house.session, house.actor("agent"), "knowledge.draft",
                   {"title_zh": "提前还款"})
    numbered, named, plain = (taken(house, remarks=said) for said in ("", "客户很急", ""))
    keys = [one.id for one in (numbered, named, plain)]
    number = article.number
    house.session.commit()
    manifest = next(one.manifest for one in house.app.extensions[EXTENSION].loaded
                    if one.name == "enquiries")
    with house.session.get_bind().connect() as connection:
        config = migrations._config(ROOT, manifest, connection)
        command.stamp(config, "head")
        command.downgrade(config, "enquiries_0002")
        for key, said in zip(keys, (number, "提前还款指引", ""), strict=True):
            connection.execute(
                text("UPDATE enquiries_enquiry SET article = :said WHERE id = :key"),
                {"said": said, "key": key})
        command.upgrade(config, "head")
        connection.commit()
    house.session.expire_all()
    found = house.session.scalars(
        select(Enquiry).where(Enquiry.id.in_(keys)).order_by(Enquiry.id)).all()
    assert [one.remarks for one in found] == ["", "客户很急\n提前还款指引", ""]
    linked = [[line.summary.number for line in links_of(house.session, house.actor("admin"), one)]
              for one in found]
    assert linked == [[number], [], []]
