"""Access and changes."""

CRITERIA = {
    "ACC-01": ("CC6.1",),
    "ACC-02": ("CC6.1", "CC6.6"),
    "ACC-03": ("CC6.2", "CC6.3"),
    "ACC-04": ("CC6.2", "CC6.3"),
    "ACC-06": ("CC6.2", "CC6.3", "CC6.1"),
    "ACC-07": ("CC6.1", "CC6.3"),
    "ACC-08": ("CC6.1",),
}
