"""The columns of a complaint that the peer shows; the table is the product's."""

from __future__ import annotations

from django.db import models


class Complaint(models.Model):
    """A complaint."""

    number = models.CharField(max_length=32, unique=True)
    subject = models.CharField(max_length=200)
    customer_name = models.CharField(max_length=120)
    state = models.CharField(max_length=40)
    is_open = models.BooleanField()
    received_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)

    class Meta:
        managed = False
        app_label = "django_peer"
        db_table = "complaints_complaint"

    def __str__(self) -> str:
        """Return the number."""
        return self.number
