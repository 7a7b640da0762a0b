"""The routes of web applications, and what stands before each: read from code, nothing of it is run."""
