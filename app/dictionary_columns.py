"""The columns of a dictionary (数据字典); what can be done with its values: ``app.records``."""

from __future__ import annotations

from typing import ClassVar

from sqlalchemy import Boolean, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from app.database import CodeString

LONGEST_NAME = 200
LONGEST_CODE = 60


class Dictionary:
    """Columns of a list of values; mix into a subclass of ``Base``.

    Class attributes:
        __dictionary__: stable name with the plugin in front, e.g. ``complaints.cause``.
    """

    __dictionary__: ClassVar[str]

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    code: Mapped[str] = mapped_column(CodeString(LONGEST_CODE), unique=True)
    name: Mapped[str] = mapped_column(String(LONGEST_NAME), unique=True)
    name_zh: Mapped[str] = mapped_column(String(LONGEST_NAME), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    colour: Mapped[str] = mapped_column(String(12), default="")
    retired: Mapped[bool] = mapped_column(Boolean, default=False)

    def titled(self, language: str) -> str:
        """Return the name in a language, ``zh`` or ``en``."""
        return self.name_zh if language == "zh" and self.name_zh else self.name

    def __str__(self) -> str:
        return self.name_zh or self.name
