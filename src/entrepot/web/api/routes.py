"""What `/api/v1` consists of."""

from __future__ import annotations

from entrepot.web.api import claims, listed, page, results, sources, tables

API = (tables, results, listed, claims, sources, page)
