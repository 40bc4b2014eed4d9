"""What an admin may set for training."""

from __future__ import annotations

from app.sdk import N_
from app.sdk.workflow import Field, Form, Kind

SETTINGS = Form.of(
    "training",
    Field("warning_days", Kind.INTEGER, N_("Days of warning before a certificate ends"),
          required=True, default=30, minimum=1, maximum=365,
          help=N_("From then on it counts as due, and its owner is reminded once.")),
    Field("leader_days", Kind.INTEGER, N_("Days overdue until the leader is informed"),
          default=7, minimum=0, maximum=365,
          help=N_("Once for each person and course. 0: never.")),
    Field("hr_days", Kind.INTEGER, N_("Days overdue until HR and the admins are informed"),
          default=21, minimum=0, maximum=365,
          help=N_("Once for each person and course. 0: never.")),
    Field("effect_figures", Kind.LONG_TEXT, N_("Figures of the effect of training"), length=400,
          default="complaints.satisfied_rate\ncomplaints.dissatisfied_rate\n"
                  "complaints.handling_time\ncomplaints.deadline_kept_rate\n"
                  "callbacks.satisfied_rate\nappraisals.score",
          help=N_("Names of figures, one on each line; those of plugins that are absent are left "
                  "out.")),
    Field("gated_kinds", Kind.LONG_TEXT, N_("Kinds of record with a gate"), length=400,
          default="complaints.complaint",
          help=N_("Whoever lacks a certificate that a rule with a gate asks for gets no new ones "
                  "of these. One kind on each line, e.g. complaints.complaint.")),
)
