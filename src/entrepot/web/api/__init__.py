"""The interface for programs, ``/api/v1``: what the pages show, as data, and every table."""
