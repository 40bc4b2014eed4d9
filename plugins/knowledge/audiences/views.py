"""Screen of audiences."""

from __future__ import annotations

from typing import Any, ClassVar

from app.sdk import N_
from app.sdk.screens import RecordInterface, RecordView, RolesColumn, RolesHeader, Section
from plugins.knowledge.access import AUDIENCE
from plugins.knowledge.audiences.models import Audience

_NOBODY = N_("Only those who see all articles")


class AudienceColumn(RolesColumn):
    """The roles of an audience in the list."""

    without = _NOBODY


class AudienceHeader(RolesHeader):
    """The roles of an audience at its head."""

    without = _NOBODY


class AudienceView(RecordView):
    """Audiences of articles: named sets of roles."""

    datamodel = RecordInterface(Audience)
    route_base = "/knowledge/audiences"
    class_permission_name = AUDIENCE
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_add", "can_edit"]
    list_title = N_("Audiences of articles")
    record_label = N_("Audience")
    icon = "users-group"
    list_columns = ["name", "name_zh", "roles", "retired"]
    filter_columns = ["roles", "retired"]
    label_columns: ClassVar[dict[str, Any]] = {
        "code": N_("Identifier"), "name": N_("English name"), "name_zh": N_("Chinese name"),
        "retired": N_("Out of use"), "roles": N_("Roles"),
    }
    description_columns: ClassVar[dict[str, Any]] = {
        "roles": N_("Whoever holds one of them finds and reads the articles."),
    }
    form_sections = (Section(fields=("code", "name", "name_zh", "roles", "retired"),
                             wide=("roles",)),)
    show_sections = (Section(fields=("code", "name", "name_zh", "retired")),)
    default_sort = "code"
    is_importable = False
    extra_columns = AudienceColumn
    record_header = AudienceHeader
