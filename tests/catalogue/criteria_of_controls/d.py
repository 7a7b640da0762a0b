"""Data: encryption where it lies and on its way, secrets in code, devices, and the software that may run."""

CRITERIA = {
    "DAT-01": ("CC6.1", "CC6.7", "C1.1"),
    "DAT-02": ("CC6.7", "CC6.6"),
    "DAT-04": ("CC6.1", "CC6.7", "CC8.1"),
    "DAT-05": ("CC6.7", "CC6.8", "CC6.1"),
    "DAT-06": ("CC6.8", "CC5.2"),
}
