"""The auditor's package: what it holds, and the script that verifies it without us."""
