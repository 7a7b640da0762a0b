"""Governance, people, communication, risks, incidents."""

CRITERIA = {
    "GOV-01": ("CC1.1", "CC1.5"),
    "GOV-02": ("CC1.2", "CC4.2"),
    "GOV-03": ("CC1.3", "CC1.5", "CC5.3"),
    "GOV-04": ("CC5.3", "CC2.2", "CC5.1"),
    "GOV-05": ("CC2.2", "CC1.1", "CC5.3"),
    "GOV-06": ("CC4.1", "CC4.2", "CC5.1"),
    "GOV-07": ("CC5.3", "CC2.2", "CC3.2", "CC5.2"),
    "GOV-08": ("CC2.1", "CC4.1"),
    "HR-01": ("CC1.4", "CC1.1"),
    "HR-03": ("CC1.1", "C1.1"),
    "HR-04": ("CC1.4", "CC2.2"),
    "HR-05": ("CC1.4", "CC2.2", "CC8.1"),
    "HR-06": ("CC1.4", "CC1.5", "CC1.3"),
}
