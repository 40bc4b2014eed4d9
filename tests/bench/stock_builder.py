"""Flask-AppBuilder as it comes, over the complaints: a peer of the benchmark."""

from __future__ import annotations

import os

from flask import Flask
from flask_appbuilder import AppBuilder, ModelView
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import Column, DateTime, Integer, String
from sqlalchemy.orm import declarative_base

Base = declarative_base()


class Complaint(Base):
    """The columns of a complaint that the peer shows."""

    __tablename__ = "complaints_complaint"

    id = Column(Integer, primary_key=True)
    number = Column(String(32))
    subject = Column(String(200))
    customer_name = Column(String(120))
    state = Column(String(40))
    received_at = Column(DateTime)
    due_at = Column(DateTime)


class ComplaintModelView(ModelView):
    """The list and the form."""

    datamodel = SQLAInterface(Complaint)
    route_base = "/complaints"
    list_columns = ["number", "subject", "customer_name", "state", "received_at", "due_at"]
    edit_columns = ["subject", "customer_name"]
    show_columns = list_columns
    base_order = ("received_at", "desc")
    page_size = 25


def application() -> Flask:
    """Return the peer as an application for a web server."""
    app = Flask("stock")
    app.config.update(
        SECRET_KEY=os.environ["CARELINE_SECRET_KEY"],
        SQLALCHEMY_DATABASE_URI=os.environ["CARELINE_BENCHMARK_DATABASE"],
        AUTH_ROLE_ADMIN="admin", APP_NAME="Stock", FAB_CREATE_DB=False,
    )
    database = SQLAlchemy(app)
    with app.app_context():
        builder = AppBuilder(app, database.session)
        builder.add_view(ComplaintModelView, "Complaints", category="Work")
    app.add_url_rule("/healthz", "healthz", lambda: "")
    return app
