"""Projectors of GitLab's pages; each module has ``PAGES``."""
