"""Groups of the menu that plugins share, and subjects of the page Administration."""

from __future__ import annotations

from app.sdk import N_, Category

# Without a screen in it a group is not there.
GROUPS = (
    Category(name="casework", label=N_("Casework"), icon="briefcase", order=10),
    Category(name="customers", label=N_("Customers"), icon="users", order=20),
    Category(name="learning", label=N_("Knowledge and training"), icon="books", order=30),
    Category(name="people", label=N_("Organisation"), icon="sitemap", order=40),
    Category(name="figures", label=N_("Statistics"), icon="chart-bar", order=50),
)
SUBJECTS = (
    Category(name="rights", label=N_("Accounts and rights"), icon="shield", order=100,
             administration=True),
    Category(name="rules", label=N_("Processes and forms"), icon="route", order=110,
             administration=True),
    Category(name="data", label=N_("Data and announcements"), icon="database", order=120,
             administration=True),
    Category(name="system", label=N_("Operation"), icon="heartbeat", order=130,
             administration=True),
)
CATEGORIES = (*GROUPS, *SUBJECTS)
