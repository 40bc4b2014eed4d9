"""What we lean on in Flask-AppBuilder, and what of it is left out (see decision 030).

A new version may rename a private method without a word: what we override would then be called by
nobody, and what it kept away would be back. Here that fails before a page does.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask_appbuilder import AppBuilder, hooks
from flask_appbuilder.api import ModelRestApi
from flask_appbuilder.baseviews import BaseModelView, BaseView
from flask_appbuilder.menu import Menu
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_appbuilder.security.api import SecurityApi
from flask_appbuilder.security.sqla.manager import SecurityManager

from tests.architecture.sources import files, imports, is_within, name_of
from tests.architecture.test_classes import our_classes

# Methods of each class that we override or call, with their arguments after ``self``.
METHODS: dict[type, dict[str, str]] = {
    AppBuilder: {
        "_add_admin_views": "", "_add_global_static": "",
        "_add_menu_permissions": "update_perms", "_add_permissions_menu": "name update_perms",
        "add_api": "baseview", "add_view_no_menu": "baseview endpoint static_folder",
    },
    BaseModelView: {
        "_init_forms": "", "_init_properties": "", "_init_titles": "", "_register_urls": "",
        "create_blueprint": "appbuilder endpoint static_folder",
        "get_method_permission": "method_name", "render_template": "template kwargs",
    },
    ModelRestApi: {
        "_init_model_schemas": "", "_init_properties": "", "_init_titles": "",
        "delete": "pk", "get": "pk kwargs", "get_list": "kwargs", "post": "", "put": "pk",
    },
    Menu: {
        "add_link": "name href icon label category category_icon category_label baseview cond",
        "get_data": "menu",
    },
    SQLAInterface: {
        "_apply_inner_all": "query filters order_column order_direction page page_size "
                            "select_columns aliases_mapping",
        "get": "id filters select_columns outer_default_load",
        "get_related_interface": "col_name", "get_related_obj": "col_name value",
    },
    SecurityApi: {"response_500": "message"},
    SecurityManager: {
        "add_user": "username first_name last_name email role password hashed_password groups "
                    "commit",
        "auth_user_db": "username password", "create_jwt_manager": "app",
        "get_user_menu_access": "menu_names", "has_access": "permission_name view_name",
        "is_item_public": "permission_name view_name", "load_user": "pk",
        "load_user_jwt": "_jwt_header jwt_data", "reset_password": "userid password",
        "update_user_auth_stat": "user success",
    },
}
# Nothing else of the library is imported: no widgets, no forms, no filters, no fields.
MODULES = {
    "flask_appbuilder", "flask_appbuilder.api", "flask_appbuilder.baseviews",
    "flask_appbuilder.const", "flask_appbuilder.hooks", "flask_appbuilder.menu",
    "flask_appbuilder.models.sqla.interface", "flask_appbuilder.security.api",
    "flask_appbuilder.security.decorators", "flask_appbuilder.security.sqla.manager",
    "flask_appbuilder.security.sqla.models",
}
ADDRESSES = {"/api/v1/security/login", "/api/v1/security/refresh"}


@pytest.mark.parametrize(
    ("kind", "name"), [(kind, name) for kind, names in METHODS.items() for name in names],
    ids=lambda value: value if isinstance(value, str) else value.__name__,
)
def test_a_method_we_lean_on_is_there_with_its_arguments(kind: type, name: str) -> None:
    arguments = list(inspect.signature(getattr(kind, name)).parameters)[1:]
    assert arguments == METHODS[kind][name].split()


def _overridden() -> Iterator[tuple[type, str, str]]:
    """Yield base, method and our class of each method of the library that we override."""
    for ours in our_classes():
        for base in METHODS:
            if issubclass(ours, base):
                yield from ((base, name, ours.__name__) for name, value in vars(ours).items()
                            if inspect.isfunction(value) and inspect.isfunction(
                                inspect.getattr_static(base, name, None)))


def test_each_method_that_we_override_is_watched() -> None:
    found = list(_overridden())
    # A view's own set-up is called by its constructor, whatever the library does.
    loose = [one for one in found if one[1] != "__init__" and one[1] not in METHODS[one[0]]]
    assert {base for base, _name, _ours in found} >= set(METHODS)
    assert loose == []


def test_marks_that_we_set_and_read_are_those_of_the_library() -> None:
    """Our permission check and our pages write what the library's own decorators write."""
    source = inspect.getsource(BaseView)
    assert '"_urls"' in source and "._urls" in source
    assert source.count('"_permission_name"') >= 2
    assert list(inspect.signature(hooks.get_before_request_hooks).parameters) == [
        "view_or_api_instance"]
    assert list(inspect.signature(hooks.wrap_route_handler_with_hooks).parameters) == [
        "handler_name", "handler", "before_request_hooks"]


def test_nothing_else_of_it_is_imported() -> None:
    found = {
        module for path in files("*.py", under=("app", "plugins", "scripts"))
        for module in imports(path) if is_within(module, "flask_appbuilder")
    }
    # A name from a module stands among the imports as a module would.
    other = sorted(one for one in found
                   if one not in MODULES and one.rpartition(".")[0] not in MODULES)
    assert other == []
    assert found >= MODULES


def test_no_page_is_made_of_its_templates() -> None:
    named = re.compile(r"""['"]appbuilder/|\bappbuilder\.""")
    assert [name_of(path) for path in files("*.html", under=("app", "plugins"))
            if named.search(path.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_only_its_addresses_for_tokens_answer(app: Flask) -> None:
    """No dead route of a stock screen, no second way to sign in, no file of its own."""
    served = {rule.rule for rule in app.url_map.iter_rules()
              if _module_of(app.view_functions[rule.endpoint]).startswith("flask_appbuilder")}
    assert served == ADDRESSES


def _module_of(view: object) -> str:
    view = inspect.unwrap(view)
    return getattr(view, "__func__", view).__module__
