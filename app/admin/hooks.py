"""What the core contributes through its own hooks."""

from __future__ import annotations

from app.admin.demo import customers as demo_customers
from app.admin.demo import people as demo_people
from app.i18n import N_
from app.sdk import Category, DemoData, hookimpl


@hookimpl
def register_categories():
    """The core's headings of the menu."""
    return [
        Category(name="customers", label=N_("Customers"), icon="users", order=20),
        Category(name="people", label=N_("Organisation"), icon="sitemap", order=80),
        Category(name="system", label=N_("System"), icon="settings", order=90),
    ]


@hookimpl
def register_demo_data():
    """People first: everything else needs them."""
    return [
        DemoData(name="core.people", load=demo_people.load, order=0),
        DemoData(name="core.customers", load=demo_customers.load, order=10),
    ]
