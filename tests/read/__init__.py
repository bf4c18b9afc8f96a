"""A package, so that tests share `made.py`."""
