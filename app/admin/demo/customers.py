"""Made-up customers with vehicles and loans; every name, number and plate is generated."""

from __future__ import annotations

import datetime as dt
import random

from sqlalchemy import func, insert, select

from app.customers.models import Customer, Loan, Membership, ServiceTier, Vehicle
from app.records.search.words import words_of
from app.sdk.demo import DemoContext
from app.sdk.services import index_many, next_numbers, utcnow, write

COUNT = 400
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
_GIVEN = ("伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛",
          "明", "超", "秀英", "霞", "平", "刚", "桂英", "晓燕", "志强", "建华", "文博", "雨桐", "浩然",
          "子涵", "欣怡", "佳琪", "俊杰", "思远", "梦瑶", "国庆", "海燕", "春梅", "立新")
_CITIES = ("北京市朝阳区", "上海市浦东新区", "广州市天河区", "深圳市南山区", "杭州市西湖区", "成都市武侯区",
           "武汉市洪山区", "南京市鼓楼区", "西安市雁塔区", "苏州市工业园区", "青岛市市南区", "长沙市岳麓区")
_PLATE = ("京A", "沪B", "粤B", "浙A", "川A", "鄂A", "苏A", "陕A", "鲁B", "湘A")
_CARS = (("大众", "朗逸"), ("丰田", "卡罗拉"), ("本田", "雅阁"), ("比亚迪", "秦PLUS"), ("吉利", "星瑞"),
         ("长安", "CS75 PLUS"), ("特斯拉", "Model 3"), ("别克", "君威"), ("日产", "轩逸"),
         ("哈弗", "H6"), ("奥迪", "A4L"), ("宝马", "3系"))
_PRODUCTS = ("新车贷", "二手车贷", "以租代购", "车主信用贷")


def _service(random_: random.Random, lists: dict[str, int]) -> dict:
    """Return tier and membership of a customer; most have neither."""
    tier = random_.choices(("", "preferred", "exclusive"), (16, 3, 1))[0]
    level = random_.choices(("", "regular", "silver", "gold"), (10, 6, 3, 1))[0]
    since = dt.date(2023, 1, 1) + dt.timedelta(days=random_.randrange(900))
    return {"tier_id": lists.get(tier), "membership_id": lists.get(level),
            "member_since": since if level in lists else None}


def _customer(random_: random.Random, number: str) -> dict:
    name = random_.choice(_SURNAMES) + random_.choice(_GIVEN)
    born = dt.date(1958, 1, 1) + dt.timedelta(days=random_.randrange(46 * 365))
    return {
        "number": number, "name": name,
        # 1990000xxxx is in no operator's range: nobody can be called by mistake.
        "phone": f"1990000{random_.randrange(10_000):04d}",
        "id_number": f"11010119{born:%y%m%d}{random_.randrange(1000):03d}X",
        "email": f"{number.lower()}@demo.invalid", "wechat": f"wx_{random_.randrange(10**7):07d}",
        "address": f"{random_.choice(_CITIES)}{random_.choice('中山解放人民建设和平')}路"
                   f"{random_.randrange(1, 400)}号",
        "grade": random_.choices("ABC", (1, 5, 4))[0], "born_on": born,
    }


def _plate(random_: random.Random) -> str:
    return random_.choice(_PLATE) + "".join(random_.choices("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ",
                                                            k=5))


def _vehicle(random_: random.Random, today: dt.date) -> dict:
    brand, model = random_.choice(_CARS)
    return {
        "brand": brand, "model": model, "vin": "LDEMO" + f"{random_.randrange(10**12):012d}",
        "bought_on": today - dt.timedelta(days=random_.randrange(30, 1800)),
        "mileage": random_.randrange(500, 120_000),
    }


def _loan(random_: random.Random, started: dt.date, serial: int) -> dict:
    return {
        "contract": f"HT{started:%Y%m%d}{serial:05d}", "product": random_.choice(_PRODUCTS),
        "started_on": started, "principal": random_.randrange(3, 40) * 10_000,
        "term_months": random_.choice((12, 24, 36, 48, 60)),
        "status": random_.choices(("active", "overdue", "settled"), (7, 1, 2))[0],
    }


def load(context: DemoContext) -> str:
    """Add customers, vehicles and loans to a database that has none."""
    session, random_ = context.session, context.random("customers")
    if session.scalar(select(func.count()).select_from(Customer)):
        return "Customers are there already."
    with write(session):
        now = utcnow()
        common = {"version": 1, "created_at": now, "updated_at": now, "extra": {}}
        service = context.random("service")
        lists = {code: key for model in (Membership, ServiceTier)
                 for code, key in session.execute(select(model.code, model.id))}
        customers = [
            {**common, **_customer(random_, number), "plates": _plate(random_),
             **_service(service, lists)}
            for number in next_numbers(session, Customer, COUNT)
        ]
        ids = session.scalars(
            insert(Customer).returning(Customer.id, sort_by_parameter_order=True), customers
        ).all()
        vehicles = [
            {**common, **_vehicle(random_, now.date()), "number": number, "customer_id": pk,
             "plate": customer["plates"]}
            for number, pk, customer in zip(
                next_numbers(session, Vehicle, COUNT), ids, customers, strict=True
            )
        ]
        vehicle_ids = session.scalars(
            insert(Vehicle).returning(Vehicle.id, sort_by_parameter_order=True), vehicles
        ).all()
        loans = [
            {**common, **_loan(random_, vehicle["bought_on"], pk), "number": number,
             "customer_id": pk, "vehicle_id": vehicle_id}
            for number, pk, vehicle_id, vehicle in zip(
                next_numbers(session, Loan, COUNT), ids, vehicle_ids, vehicles, strict=True
            )
        ]
        session.execute(insert(Loan), loans)
        for model in (Customer, Vehicle, Loan):
            index_many(session, _documents(session, model))
    return f"{COUNT} customers with vehicles and loans."


def _documents(session, model):
    for record in session.scalars(select(model).order_by(model.id)):
        yield (model.__record_type__, record.id, record.number, record.title,
               words_of(record))
