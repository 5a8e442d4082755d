"""What goes wrong for minutes, with the whole product; files of mostly waiting, which `make soak` runs side by side."""
