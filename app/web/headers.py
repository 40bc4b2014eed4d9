"""Security headers: a strict content security policy with nonces, and no caching of pages."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g, request

# Nothing is inline and nothing comes from another host. Scripts run by nonce only, so that a file
# that someone uploaded is no script even though it comes from the same host.
_POLICY = (
    "default-src 'none'; script-src 'nonce-{nonce}'; style-src 'self' 'nonce-{nonce}'; "
    "img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; media-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; "
    "object-src 'none'; frame-src 'self'"
)
_FIXED = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
}
_TWO_YEARS_SECONDS = 63_072_000


def csp_nonce() -> str:
    """Return the random value that marks this response's own scripts."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def _add_headers(response: Response, behind_tls: bool) -> Response:
    for name, value in _FIXED.items():
        response.headers.setdefault(name, value)
    # A response that brings a policy of its own (an uploaded file) has a narrower one.
    response.headers.setdefault("Content-Security-Policy", _POLICY.format(nonce=csp_nonce()))
    if behind_tls:
        response.headers["Strict-Transport-Security"] = (
            f"max-age={_TWO_YEARS_SECONDS}; includeSubDomains"
        )
    # Whatever is not an asset may hold personal data.
    if not request.path.startswith("/assets/"):
        response.headers["Cache-Control"] = "no-store"
    return response


def install(app: Flask, behind_tls: bool) -> None:
    """Add the headers to every response and ``csp_nonce()`` to every template.

    Args:
        app: the application.
        behind_tls: whether people reach the product over HTTPS.
    """
    app.jinja_env.globals["csp_nonce"] = csp_nonce
    app.after_request(lambda response: _add_headers(response, behind_tls))
