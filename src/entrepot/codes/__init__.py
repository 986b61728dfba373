"""Areas, groupings, control lists, packages and caveats: CSV files and their look-ups.

Each CSV says in ``SOURCES.md`` who publishes what it holds and how a row can be checked. The room
is light: it reads with the standard library only and keeps what it has read.
"""
