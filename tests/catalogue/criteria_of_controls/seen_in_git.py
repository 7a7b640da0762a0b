"""The controls that a git history alone can say something about."""

CRITERIA = {
    "CHG-01": ("CC8.1", "CC6.3"),
    "CHG-02": ("CC8.1",),
    "CHG-04": ("CC8.1", "CC7.2"),
    "CHG-05": ("CC8.1", "PI1.3"),
    "CHG-06": ("CC8.1",),
    "CHG-07": ("CC8.1", "CC7.4"),
    "CHG-13": ("CC8.1", "CC2.1"),
    "CHG-17": ("CC8.1", "CC6.8"),
    "VEN-05": ("CC9.2", "CC6.8", "CC3.2", "CC6.1"),
}
