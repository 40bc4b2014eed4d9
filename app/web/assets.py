"""Static files under an address that changes with their content, and icons.

Script modules import each other by relative paths, so the version stands in the path
(``/assets/<version>/js/main.js``): every file may be cached for good.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from flask import Flask, Response, current_app, request, send_from_directory
from markupsafe import Markup

from app.web.icons import IconSet

STATIC = Path(__file__).resolve().parent / "static"
VENDOR = STATIC / "vendor"
_YEAR_SECONDS = 31_536_000

ICONS = "careline.icons"


def content_version() -> str:
    """Return a short hash over our own files and the stamp of the installed ones."""
    digest = hashlib.sha256()
    stamp = VENDOR / ".stamp"
    digest.update(stamp.read_bytes() if stamp.exists() else b"none")
    for folder in ("css", "js", "img"):
        for path in sorted((STATIC / folder).rglob("*")):
            if path.is_file():
                digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:12]


def _has_compressed(filename: str) -> bool:
    try:
        return (STATIC / f"{filename}.gz").is_file()
    except OSError:  # a name that no file can have
        return False


def _send(filename: str, current: bool) -> Response:
    compressed = request.accept_encodings["gzip"] > 0 and _has_compressed(filename)
    name = f"{filename}.gz" if compressed else filename
    response = send_from_directory(STATIC, name, mimetype=_mimetype(filename))
    if compressed:
        response.headers["Content-Encoding"] = "gzip"
    response.headers["Vary"] = "Accept-Encoding"
    # A page of the version before may still ask while a new one is being put in place.
    response.headers["Cache-Control"] = (
        f"public, max-age={_YEAR_SECONDS}, immutable" if current else "no-cache"
    )
    return response


def _mimetype(filename: str) -> str | None:
    # The registry of a machine may call scripts text/plain, which browsers refuse to run.
    return {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}.get(
        Path(filename).suffix
    )


def install(app: Flask) -> None:
    """Serve ``/assets`` and give templates ``asset(path)`` and ``icon(name)``.

    Args:
        app: the application.
    """
    version = content_version()
    icons = IconSet(VENDOR)

    def asset(path: str) -> str:
        return f"{request.script_root}/assets/{version}/{path}"

    drawn: dict[tuple[str, str, str], Markup] = {}

    def icon(name: str, extra: str = "", title: str = "") -> Markup:
        """Return an icon as markup; without a title it is decoration and hidden from readers."""
        key = (name, extra, title)
        if key not in drawn:
            inside = icons.inside(name, asset("vendor/icons.svg"))
            label = (
                Markup(' role="img" aria-label="{}"').format(title)
                if title else Markup(' aria-hidden="true"')
            )
            if len(drawn) > 2000:
                drawn.clear()
            drawn[key] = Markup(
                '<svg class="{}"{}{}>{}</svg>'
            ).format(
                f"icon {extra}".strip(), label,
                # A symbol of the sprite brings its own view box.
                Markup("") if inside.startswith("<use") else Markup(' viewBox="0 0 24 24"'),
                Markup(inside),
            )
        return drawn[key]

    @app.get("/assets/<asked>/<path:filename>", endpoint="assets")
    def assets(asked: str, filename: str) -> Response:
        return _send(filename, asked == version)

    @app.get("/favicon.ico", endpoint="favicon")
    def favicon() -> Response:
        return _send("img/favicon.svg", False)

    app.jinja_env.globals.update(asset=asset, icon=icon)
    app.extensions["careline.icon"] = icon
    app.extensions[ICONS] = icons


def icon_names() -> list[str]:
    """Return the names of the icons that the sources mention."""
    return current_app.extensions[ICONS].names
