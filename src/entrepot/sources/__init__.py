"""Publishers' files, read strictly into rows of the tables: one module per publisher's layout."""
