"""The choices of WTForms, from one place."""

# Not strict: the library that it uses comes without types.
# pyright: basic

from __future__ import annotations

from wtforms.fields import choices

# The types that pyright brings along are of WTForms 3.2, which had no such class.
Choice = choices.Choice  # pyright: ignore[reportAttributeAccessIssue] -- see above
SelectChoice = choices.SelectChoice  # pyright: ignore[reportAttributeAccessIssue] -- see above
