"""Reading the press: who said what, with which figures, and what of it statistics can check."""
