"""Pages and answers over HTTP: they fetch and arrange; nothing is computed here."""
