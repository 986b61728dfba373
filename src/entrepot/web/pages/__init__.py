"""Pages for people: fetched from the lake, arranged, and never computed here."""
