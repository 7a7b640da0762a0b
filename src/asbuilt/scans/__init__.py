"""Results of scanners: read from their own formats, without secrets, each with an identity of our own."""
