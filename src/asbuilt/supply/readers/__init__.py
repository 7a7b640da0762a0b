"""One module for each kind of lock file or manifest, found by listing: ``READS`` (names or globs) and ``read``.

``read(data, path)`` gives a ``Reading``. A module with ``BESIDE = True`` takes a third argument, by which it reads
other files of the same tree (central versions, included requirements, a parent).
"""
