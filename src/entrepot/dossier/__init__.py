"""The dossier: results of a run, arranged for a reader; nothing is computed after `gather`."""
