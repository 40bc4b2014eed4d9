"""One search over every kind of record that the caller may see."""

from __future__ import annotations

from typing import Any

from flask import redirect, request, url_for
from flask_appbuilder.baseviews import BaseView, expose
from werkzeug.wrappers import Response

from app.access.security import current_actor
from app.screens.query.record_search import cleaned, records_found

RESULTS_EACH = 8


class SearchView(BaseView):
    """The page behind the search box of the header."""

    route_base = "/search"
    default_view = "results"
    class_permission_name = "core.Search"
    base_permissions: list[str] = []

    @expose("/")
    def results(self) -> Response | str:
        """Show the best hits of each kind; a single exact number opens its record."""
        person = current_actor()
        if person is None:
            return redirect(url_for("SignInView.login", next=request.full_path.rstrip("?")))
        text = cleaned(request.args.get("q", ""))
        groups: list[dict[str, Any]] = []
        for screen, hits in records_found(text, RESULTS_EACH + 1):
            exact = [hit for hit in hits if hit.number == text.upper()]
            if exact:
                return redirect(screen.url("show", pk=exact[0].id))
            if hits:
                groups.append({"screen": screen, "hits": hits[:RESULTS_EACH],
                               "more": len(hits) > RESULTS_EACH})
        return self.render_template("screens/home/search.html", text=text, groups=groups)
