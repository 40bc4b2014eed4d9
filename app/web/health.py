"""``/healthz`` and ``/readyz`` for load balancers and for the demo."""

from __future__ import annotations

from flask import Flask, Response, jsonify
from sqlalchemy import text

from app.access.services import access_version
from app.database import db


def install(app: Flask) -> None:
    """Add the two addresses; both are open and tell nothing about data.

    Args:
        app: the application.
    """

    @app.get("/healthz")
    def healthz() -> Response:
        """The process answers."""
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        """The database answers and has been migrated and synced."""
        try:
            db.session.execute(text("SELECT 1"))
            ready = access_version(db.session) > 0
        except Exception:
            db.session.rollback()
            ready = False
        return jsonify(status="ready" if ready else "not ready"), 200 if ready else 503
