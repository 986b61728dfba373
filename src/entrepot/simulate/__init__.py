"""A trade world with known diversion, and the benchmark that scores estimators on it."""
