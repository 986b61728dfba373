"""Pages as a reader has them: in a browser, by keyboard, on paper."""
