"""The only package that knows SQL: tables, unit of work, and queries named like questions."""

from sqlalchemy import Connection

# The type others annotate with, so that nothing outside this package imports the library.
__all__ = ["Connection"]
