"""The two passes of a build: over every page by itself, and over the corpus as columns.

:mod:`pages` turns units of a source into parts: files with one row for each page, in any order.  :mod:`parts` keeps
them from run to run and knows which are still true.  :mod:`corpus` reads them as relations, larger than memory, and
gives the tables of a release in their order.
"""
