"""Records in and out as files: one pipeline for every area that says what its sheet is (see `sheet`)."""
