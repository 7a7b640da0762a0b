"""Who or what wrote a commit and a line: signatures, line records, what they add up to, and configuration."""
