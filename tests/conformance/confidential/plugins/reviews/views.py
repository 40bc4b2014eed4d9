"""Screens and REST API of reviews and letters."""

from __future__ import annotations

from plugins.reviews.models import Letter, Review

from app.sdk import N_
from app.sdk.screens import RecordApi, RecordInterface, RecordView, Section


class ReviewView(RecordView):
    """Reviews."""

    datamodel = RecordInterface(Review)
    route_base = "/reviews"
    class_permission_name = "reviews.Review"
    list_title = N_("Reviews")
    record_label = N_("Review")
    list_columns = ["number", "subject", "customer", "owner"]
    filter_columns = ["owner", "customer"]
    form_sections = (Section(fields=("subject", "customer", "owner")),)
    show_sections = (Section(fields=("subject", "customer", "owner")),)


class LetterView(RecordView):
    """Letters."""

    datamodel = RecordInterface(Letter)
    route_base = "/letters"
    class_permission_name = "reviews.Letter"
    list_title = N_("Letters")
    record_label = N_("Letter")
    list_columns = ["number", "subject", "review", "owner"]
    filter_columns = ["owner", "review"]
    form_sections = (Section(fields=("subject", "review")),)
    show_sections = (Section(fields=("subject", "review")),)


class ReviewApi(RecordApi):
    """Reviews over REST."""

    datamodel = RecordInterface(Review)
    resource_name = "reviews"
    class_permission_name = "reviews.Review"
    list_columns = ["id", "number", "subject", "owner"]
    show_columns = [*list_columns, "version"]
    add_columns = ["subject"]
    edit_columns = ["subject"]
