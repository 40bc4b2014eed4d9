"""The permission check of our views."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from flask import abort, redirect, request, url_for

from app.access.security import current_actor
from app.web.request import is_partial, wants_json


def requires(permission: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let a method of a view, or of a page, run only for those who hold a permission on it.

    Works with Flask-AppBuilder's collection of permissions (``can_<permission>``), and respects
    ``base_permissions``: what a view does not offer, nobody may do. Whoever has not signed in goes
    to the sign-in page and comes back afterwards.

    Args:
        permission: name without ``can_``.
    """

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(method)
        def checked(self: Any, *args: Any, **kwargs: Any) -> Any:
            person = current_actor()
            if person is None:
                if wants_json() or is_partial() or request.method != "GET":
                    abort(401)
                return redirect(
                    url_for("SignInView.login", next=request.full_path.rstrip("?"))
                )
            name = f"can_{permission}"
            # The pages of a screen hold the permissions of the screen.
            holder = getattr(self, "screen", self)
            if name not in holder.base_permissions or not person.can(
                name, holder.class_permission_name
            ):
                abort(403)
            return method(self, *args, **kwargs)

        # Read by Flask-AppBuilder.
        vars(checked)["_permission_name"] = permission
        return checked

    return decorate
