"""Statistics of trade as lazy-frame expressions: a table in, a table out, no engine in sight."""
