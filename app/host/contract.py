"""Version of the contract between host and plugins, and what each first number changed. Pure."""

from __future__ import annotations

from packaging.specifiers import SpecifierSet
from packaging.version import Version

from app.i18n import N_

# The first number changes when a plugin has to be changed; the second when something was added.
API_VERSION = Version("3.2")

# What a plugin of the version before has to change, by the version that asks for it.
CHANGES: dict[Version, str] = {
    Version("2.0"): N_(
        "%(plugin)s asks for contract %(range)s. Since 2.0 a kind of record names its operations "
        "(RecordType(operations=...)), and everything calls them through app.sdk.records; the "
        "hooks create_record, change_record, offers and act of views and the functions perform "
        "and begin of app.sdk.services are gone."
    ),
    Version("3.0"): N_(
        "%(plugin)s asks for contract %(range)s. Since 3.0 names of app.sdk that only the core's "
        "own screens used are gone, and each of the others has one module; the guide for authors "
        "of plugins lists them."
    ),
}
# Versions with the same first number, at most.
_MOST_ADDITIONS = 20
_UNKNOWN = N_("%(plugin)s asks for contract %(range)s.")


def admits(range_: str, version: Version = API_VERSION) -> bool:
    """Return whether a range of contract versions admits a version.

    Args:
        range_: as in ``plugin.toml``, e.g. ``>=3.0,<4``.
        version: by default the one of this host.
    """
    return SpecifierSet(range_).contains(version, prereleases=True)


def refusal(range_: str) -> str:
    """Return why a range does not go with this host: a message id with ``plugin`` and ``range``.

    Args:
        range_: a range that does not admit ``API_VERSION``.
    """
    wanted = SpecifierSet(range_)
    for version, change in sorted(CHANGES.items()):
        before = [f"{version.major - 1}.{number}" for number in range(_MOST_ADDITIONS)]
        # Only a range that meant an older version needs to hear of a change.
        if not admits(range_, version) and any(wanted.filter(before, prereleases=True)):
            return change
    return _UNKNOWN
