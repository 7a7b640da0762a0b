"""One reader for each format, found by listing this folder.

A reader has ``FORMAT`` (its name), ``recognises(content)`` (by what the file holds, never by its name) and
``read(content, making)``, which yields the runs, and takes out of ``content.document`` what must not be kept.
"""
