"""Publishers' files over HTTP: asked for politely, whole or not at all, with their provenance."""
