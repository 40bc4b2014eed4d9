"""Screens of products, of the documents they ask for, and of reasons of refusal."""

from __future__ import annotations

from typing import Any, ClassVar

from app.sdk import N_
from app.sdk.screens import (
    RecordApi,
    RecordHeader,
    RecordInterface,
    RecordView,
    Section,
    drawn,
    page_language,
)
from plugins.loans.access import PRODUCT, REASON, REQUIREMENT
from plugins.loans.applications.models import RefusalReason
from plugins.loans.choices import EMPLOYMENTS
from plugins.loans.products.models import LoanProduct, Requirement


class RequirementView(RecordView):
    """What each product asks for."""

    datamodel = RecordInterface(Requirement)
    route_base = "/loan-requirements"
    class_permission_name = REQUIREMENT
    list_title = N_("Documents of products")
    record_label = N_("Document of a product")
    icon = "file-certificate"
    list_columns = ["product", "kind", "required", "valid_days", "condition"]
    filter_columns = ["product", "kind", "required", "condition"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    prefill_columns = ["product"]
    import_key = ("product", "kind")
    choices = {"condition": drawn(EMPLOYMENTS)}
    label_columns = {
        "product": N_("Loan product"), "kind": N_("Loan document"), "required": N_("Required"),
        "valid_days": N_("Valid for days"), "condition": N_("Only from"),
    }
    description_columns = {
        "valid_days": N_("From the day of issue; left empty, as long as the document says."),
        "condition": N_("Left empty, from all customers."),
    }
    form_sections = (Section(fields=("product", "kind", "required", "valid_days", "condition")),)
    show_sections = form_sections


class ProductHeader(RecordHeader):
    """The head of a product's page: its name in the language of the page."""

    def title(self, record: LoanProduct) -> str:
        """Return the name."""
        return record.titled(page_language())


class ProductView(RecordView):
    """Loan products: rate, terms, amounts, documents, whose approval."""

    datamodel = RecordInterface(LoanProduct)
    route_base = "/loan-products"
    class_permission_name = PRODUCT
    list_title = N_("Loan products")
    record_label = N_("Loan product")
    icon = "package"
    list_columns = ["number", "name", "name_zh", "rate", "terms", "amount_from", "amount_to",
                    "down_payment_share", "active", "valid_until"]
    filter_columns = ["active", "valid_from", "valid_until", "first_post"]
    saved_views = ()
    assignable = False
    board_column = ""
    calendar_column = ""
    default_sort = "number"
    record_header = ProductHeader
    related_views = [RequirementView]
    import_key = ("code",)
    label_columns = {
        "code": N_("Identifier"), "name": N_("English name"), "name_zh": N_("Chinese name"),
        "rate": N_("Rate per year (%)"), "terms": N_("Terms in months"),
        "amount_from": N_("Amount from"), "amount_to": N_("Amount up to"),
        "down_payment_share": N_("Least down payment (%)"), "valid_from": N_("Offered from"),
        "valid_until": N_("Offered until"), "active": N_("In use"),
        "first_post": N_("Approved by the post"), "second_post": N_("Then by the post"),
        "second_from": N_("From this amount on"),
        "next_steps": N_("Next steps after an approval"),
        "next_steps_zh": N_("Next steps in Chinese"),
    }
    description_columns = {
        "terms": N_("Months between commas, such as 12, 24, 36."),
        "down_payment_share": N_("Of the price of the vehicle."),
        "second_from": N_("Left empty, the second post approves every amount."),
        "next_steps": N_("What the customer is told to do."),
    }
    form_sections = (
        Section(fields=("code", "name", "name_zh", "active", "rate", "terms", "amount_from",
                        "amount_to", "down_payment_share", "valid_from", "valid_until")),
        Section(title=N_("Approval"), fields=("first_post", "second_post", "second_from")),
        Section(title=N_("After an approval"), fields=("next_steps", "next_steps_zh"),
                wide=("next_steps", "next_steps_zh")),
    )
    show_sections = form_sections


class ProductApi(RecordApi):
    """Loan products over REST, under ``/api/v1/loan-products``."""

    datamodel = RecordInterface(LoanProduct)
    resource_name = "loan-products"
    class_permission_name = PRODUCT
    list_columns = ["id", "number", "code", "name", "name_zh", "rate", "terms", "amount_from",
                    "amount_to", "down_payment_share", "valid_from", "valid_until", "active"]
    show_columns = [*list_columns, "next_steps", "next_steps_zh", "version"]
    add_columns = ["code", "name", "name_zh", "rate", "terms", "amount_from", "amount_to",
                   "down_payment_share", "first_post"]
    edit_columns = ["name", "name_zh", "rate", "terms", "amount_from", "amount_to",
                    "down_payment_share", "valid_from", "valid_until", "active"]


class RefusalReasonView(RecordView):
    """Why customers get no loan, with the advice that they are given."""

    datamodel = RecordInterface(RefusalReason)
    route_base = "/loan-refusal-reasons"
    class_permission_name = REASON
    base_permissions: ClassVar[list[str]] = ["can_list", "can_show", "can_add", "can_edit"]
    list_title = N_("Reasons of refusal")
    record_label = N_("Reason of refusal")
    icon = "message-x"
    list_columns = ["name", "name_zh", "advice_zh", "retired"]
    filter_columns = ["retired"]
    label_columns: ClassVar[dict[str, Any]] = {
        "code": N_("Identifier"), "name": N_("English name"), "name_zh": N_("Chinese name"),
        "retired": N_("Out of use"),
        "advice": N_("Advice"), "advice_zh": N_("Advice in Chinese"),
    }
    form_sections = (
        Section(fields=("code", "name", "name_zh", "retired", "advice", "advice_zh"),
                wide=("advice", "advice_zh")),)
    show_sections = form_sections
    default_sort = "code"
    is_importable = False
