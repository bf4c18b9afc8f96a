"""Pages from where they lie.

:func:`find` lists the pages of a source without opening them; :func:`read` brings one in.  Listing first makes the
order of rows independent of the order in which a file system or a pool of workers gives things back.
"""

from corpuskit.read.files import PageRef, find, read

__all__ = ["PageRef", "find", "read"]
