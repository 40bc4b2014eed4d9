"""Who acts: a user with the rights in force for this request, or the system itself."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping


class Scope(enum.IntEnum):
    """How far a person sees, from narrow to wide (requirement A2)."""

    OWN = 1
    TEAM = 2
    DEPARTMENT = 3
    ALL = 4


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person, with rights and place in the house, as plain values.

    Attributes:
        user_id: primary key in ``ab_user``; ``None`` for the system.
        username: sign-in name.
        name: name shown to others.
        roles: names of the roles held.
        role_ids: their primary keys, which stay when a role gets another name.
        permissions: pairs of permission and view name, e.g. ``("can_list", "complaints.Case")``.
        scope: widest general scope of all roles held.
        reaches: widest scope over all roles for the kinds of record for which a role has a reach
            of its own; a role without one takes part with its general scope.
        granted_reaches: the same, but only of roles with a reach of their own for the kind. For
            confidential kinds nothing else counts.
        department_ids: the own department with all those below it.
        team_ids: teams the person is in or leads.
        led_department_ids: departments (with those below) that the person leads.
        led_team_ids: teams that the person leads.
        stands_in_for: ids of users who are away and in whose place the person leads.
        locale: ``zh`` or ``en``.
    """

    user_id: int | None
    username: str
    name: str
    roles: frozenset[str] = frozenset()
    role_ids: frozenset[int] = frozenset()
    permissions: frozenset[tuple[str, str]] = frozenset()
    scope: Scope = Scope.OWN
    reaches: Mapping[str, Scope] = dataclasses.field(default_factory=dict[str, Scope], hash=False)
    granted_reaches: Mapping[str, Scope] = dataclasses.field(
        default_factory=dict[str, Scope], hash=False
    )
    department_id: int | None = None
    team_id: int | None = None
    department_ids: frozenset[int] = frozenset()
    team_ids: frozenset[int] = frozenset()
    led_department_ids: frozenset[int] = frozenset()
    led_team_ids: frozenset[int] = frozenset()
    stands_in_for: frozenset[int] = frozenset()
    locale: str = "zh"

    def can(self, permission: str, view: str) -> bool:
        """Return whether the actor holds ``permission`` on ``view``; the system holds all."""
        return self.user_id is None or (permission, view) in self.permissions

    @property
    def person_id(self) -> int:
        """Primary key of the user who acts.

        Raises:
            ValueError: the system acts, and no person.
        """
        if self.user_id is None:
            raise ValueError("the system is no person")
        return self.user_id

    @property
    def is_system(self) -> bool:
        """Whether no person acts: a scheduled job, a command, a migration."""
        return self.user_id is None


SYSTEM = Actor(user_id=None, username="system", name="System", scope=Scope.ALL)
"""Who acts where no person does: jobs, events, commands. Everything is within its scope."""
