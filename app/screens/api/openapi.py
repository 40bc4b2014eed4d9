"""The description of the REST API (OpenAPI 3) for programs, made from what the APIs declare."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import Flask, Response, abort, current_app

from app.access.security import current_actor
from app.host.collaboration import Ability
from app.host.host import current_host
from app.screens.api.abilities import PREFIX
from app.screens.api.form_schema import NOT_OVER_REST, form_schema, is_always_required
from app.screens.api.read import RecordApi
from app.screens.api.write import json_response
from app.screens.current_builder import current_builder
from app.web.texts import translated

_TYPES: Mapping[str, Mapping[str, Any]] = {
    "integer": {"type": "integer"}, "decimal": {"type": "number"}, "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "datetime": {"type": "string", "format": "date-time"},
    "json": {"type": "object"},
    "relation": {"type": "object", "nullable": True, "properties": {
        "id": {"type": "integer"}, "label": {"type": "string"}}},
}
_ERRORS = {
    "401": {"description": "Not signed in"}, "403": {"description": "Not allowed"},
    "404": {"description": "There is no such record"},
}
_WRITE_ERRORS = {
    **_ERRORS, "409": {"description": "Someone changed the record meanwhile"},
    "422": {"description": "Some values do not fit, or a rule stands against it"},
}
_KEY = {"name": "pk", "in": "path", "required": True, "schema": {"type": "integer"}}
_VERSION = {"name": "version", "in": "query", "schema": {"type": "integer"},
            "description": "Version of the record that was read."}
_ONCE = {"name": "Idempotency-Key", "in": "header", "schema": {"type": "string", "maxLength": 255},
         "description": "Sent again with the same key and body, it makes no second record."}
_ORIGIN = {
    "type": "object", "nullable": True, "required": ["record_type", "id"],
    "description": "The record out of which it is done; the caller must see it.",
    "properties": {"record_type": {"type": "string"}, "id": {"type": "integer"}},
}
_MADE = {"type": "object", "properties": {
    "record_type": {"type": "string"}, "id": {"type": "integer"}, "number": {"type": "string"},
    "address": {"type": "string"}}}


def _schema(api: RecordApi, names: Iterable[str], *, writes: bool) -> dict[str, Any]:
    properties = {}
    for name in names:
        column = api.columns[name]
        kind = column.kind
        if writes and (kind == "relation" or column.is_file):
            properties[name] = {"type": "integer", "nullable": True}
        elif column.is_many:
            properties[name] = {"type": "array", "nullable": True, "items": {"type": "string"}}
        else:
            properties[name] = dict(_TYPES.get(kind, {"type": "string"}))
    return {"type": "object", "properties": properties}


def _body(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"required": True, "content": {"application/json": {"schema": schema}}}


def _answer(text: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"description": text, "content": {"application/json": {"schema": schema}}}


def _paths(api: RecordApi) -> dict[str, Any]:
    """Return the addresses of one API with what they take and give."""
    base, tag = f"{api.route_base}/", api.resource_name
    shown = _schema(api, api.show_columns, writes=False)
    one = {"type": "object", "properties": {"id": {"type": "integer"}, "result": shown}}
    rows = {"type": "array", "items": _schema(api, api.list_columns, writes=False)}
    page = {"type": "object", "properties": {
        "count": {"type": "integer"}, "count_capped": {"type": "boolean"}, "result": rows,
        "ids": {"type": "array", "items": {"type": "integer"}},
        "next": {"type": "string"}, "previous": {"type": "string"},
    }}
    asked = [{"name": name, "in": "query", "schema": {"type": "string"}}
             for name in ("search", "sort", "size", "after", "before", "columns")]
    changed = _schema(api, api.edit_columns or (), writes=True)
    changed["properties"]["version"] = {"type": "integer"}
    changed["required"] = ["version"]
    return {
        base: {
            "get": {"tags": [tag], "parameters": asked,
                    "responses": {"200": _answer("A page of rows", page), **_ERRORS}},
            "post": {"tags": [tag], "parameters": [_ONCE],
                     "requestBody": _body(_schema(api, api.add_columns or (), writes=True)),
                     "responses": {"201": _answer("The new record", one), **_WRITE_ERRORS}},
        },
        f"{base}{{pk}}": {
            "get": {"tags": [tag], "parameters": [_KEY],
                    "responses": {"200": _answer("The record", one), **_ERRORS}},
            "put": {"tags": [tag], "parameters": [_KEY], "requestBody": _body(changed),
                    "responses": {"200": _answer("The record", one), **_WRITE_ERRORS}},
            "delete": {"tags": [tag], "parameters": [_KEY, {**_VERSION, "required": True}],
                       "responses": {"200": {"description": "Deleted"}, **_WRITE_ERRORS}},
        },
        f"{base}{{pk}}/actions/{{name}}": {
            "post": {"tags": [tag], "parameters": [
                _KEY, {"name": "name", "in": "path", "required": True,
                       "schema": {"type": "string"}}],
                "requestBody": _body({"type": "object", "required": ["version"], "properties": {
                    "version": {"type": "integer"}}}),
                "responses": {"200": _answer("The record", one), **_WRITE_ERRORS}},
        },
    }


def _over_rest(ability: Ability) -> bool:
    """Return whether an ability can be used over REST: what it must have can be sent."""
    fields = ability.form.fields if ability.form is not None else ()
    return not any(field.kind in NOT_OVER_REST and is_always_required(field) for field in fields)


def _ability(ability: Ability) -> dict[str, Any]:
    """Return how an ability is used, with the fields of its form and the permission it needs."""
    values = form_schema(ability.form, translated) if ability.form is not None else {
        "type": "object"}
    body: dict[str, Any] = {"type": "object", "properties": {"values": values, "origin": _ORIGIN}}
    if "required" in values:
        body["required"] = ["values"]
    needs = {"permission": ability.permission, "view": ability.view}
    return {"post": {
        "tags": [ability.name.split(".")[0]], "operationId": ability.name,
        "summary": translated(ability.title),
        "description": "Needs {permission} on {view}.".format_map(needs), "x-permission": needs,
        "parameters": [_ONCE], "requestBody": _body(body),
        "responses": {
            "200": {"description": "Done before under the same key"},
            "201": _answer("The record that came of it", _MADE), **_ERRORS,
            "415": {"description": "The body is no JSON"},
            "422": {"description": "Some values do not fit, or a rule stands against it"},
        },
    }}


def _abilities() -> dict[str, Any]:
    """Return the addresses of all abilities of plugins in force, by name."""
    found = current_host().contributions("register_abilities")
    return {f"{PREFIX}/": {"get": {"tags": ["abilities"], "responses": {
        "200": {"description": "The abilities that the caller may use"}, "401": _ERRORS["401"],
    }}}} | {
        f"{PREFIX}/{one.name}": _ability(one)
        for one in sorted(found, key=lambda one: one.name) if _over_rest(one)
    }


def description() -> dict[str, Any]:
    """Return the OpenAPI description of every record API and ability of the application."""
    paths: dict[str, Any] = _abilities()
    for api in current_builder().baseviews:
        if isinstance(api, RecordApi):
            paths |= _paths(api)
    return {
        "openapi": "3.0.3",
        "info": {"title": current_app.config["APP_NAME"], "version": "v1"},
        "components": {"securitySchemes": {
            "jwt": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}},
        "security": [{"jwt": []}],
        "paths": paths,
    }


def install(app: Flask) -> None:
    """Serve the description to whoever has signed in, by cookie or by token.

    Args:
        app: the application.
    """

    @app.get("/api/v1/_openapi", endpoint="openapi")
    def openapi() -> Response:
        if current_actor() is None:
            abort(401)
        return json_response(description())
