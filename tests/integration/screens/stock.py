"""Flask-AppBuilder as it comes, on the same models, to show that each trap is real."""

from __future__ import annotations

from pathlib import Path

from flask import Flask
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.actions import action
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.models.sqla.filters import FilterEqual
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_wtf.csrf import CSRFProtect

from app.database import db, metadata, write
from tests.integration.screens.sample import TABLES, Case, Kind, Note

PASSWORD = "a stock password"


def build(folder: Path) -> Flask:
    """Return a stock application with views on the sample's models and an admin.

    Args:
        folder: where its database goes.
    """

    class StockNoteView(ModelView):
        datamodel = SQLAInterface(Note)
        list_columns = ["title"]

    class StockCaseView(ModelView):
        datamodel = SQLAInterface(Case)
        list_columns = ["number", "subject", "kind"]
        search_columns = ["subject", "kind"]
        add_columns = ["subject", "kind"]
        edit_columns = ["subject", "kind"]
        base_filters = [["subject", FilterEqual, "own"]]
        related_views = [StockNoteView]

        @action("start", "Start", "Really?", "fa-rocket")
        def start(self, items):
            for item in items if isinstance(items, list) else [items]:
                item.state = "working"
                self.datamodel.edit(item)
            return "done"

    class StockCaseApi(ModelRestApi):
        datamodel = SQLAInterface(Case)
        resource_name = "stock-cases"
        list_columns = ["number", "subject"]
        search_columns = ["subject", "state"]
        allow_browser_login = True

    app = Flask("stock")
    app.config.update(
        SECRET_KEY="x" * 60, SQLALCHEMY_DATABASE_URI=f"sqlite:///{folder / 'stock.sqlite'}",
        TESTING=False, WTF_CSRF_ENABLED=True, PROPAGATE_EXCEPTIONS=False,
    )
    CSRFProtect(app)
    db.init_app(app)
    with app.app_context():
        metadata().create_all(db.engine)
        metadata().create_all(db.engine, tables=TABLES)
        builder = AppBuilder(app, db.session)
        builder.add_view(StockCaseView, "Cases", category="Sample")
        builder.add_view(StockNoteView, "Notes", category="Sample")
        builder.add_api(StockCaseApi)
        admin = builder.sm.find_role("Admin")
        builder.sm.add_user("stock", "Stock", "User", "stock@example.com", admin, PASSWORD)
        with write(db.session):
            db.session.add_all([Kind(name=f"kind {place}") for place in range(40)])
            for place in range(301):
                own = place < 300
                db.session.add(
                    Case(number=f"SC-{place:05}", subject="own" if own else "foreign", extra={})
                )
    return app
