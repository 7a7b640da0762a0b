"""GitLab: a project over its REST interface (api/v4)."""
