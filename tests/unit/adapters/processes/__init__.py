"""Work for heavy libraries, without its processes."""
