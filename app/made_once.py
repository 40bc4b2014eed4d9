"""Values of an object that are made when somebody first asks for them, and only once."""

from __future__ import annotations

import functools
import threading
from typing import Any, TypeVar, overload

Made = TypeVar("Made")
# One lock for all: making is rare, and what is made may ask for another value that is made once.
_making = threading.RLock()


class made_once(functools.cached_property[Made]):
    """A cached property that is made once even where several threads ask at the same time.

    Python's own makes it again in each of them since 3.12. What is kept is found without the lock.
    """

    @overload
    def __get__(self, instance: None, owner: type[Any] | None = None) -> made_once[Made]: ...

    @overload
    def __get__(self, instance: object, owner: type[Any] | None = None) -> Made: ...

    def __get__(
        self, instance: object | None, owner: type[Any] | None = None
    ) -> made_once[Made] | Made:
        """Return the value, making it if nobody has asked before."""
        if instance is None:
            return self
        with _making:
            return super().__get__(instance, owner)
