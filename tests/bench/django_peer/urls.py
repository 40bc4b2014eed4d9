"""Addresses of the peer."""

from __future__ import annotations

from django.contrib import admin
from django.http import HttpResponse
from django.urls import path

urlpatterns = [
    path("healthz", lambda _request: HttpResponse()),
    path("admin/", admin.site.urls),
]
