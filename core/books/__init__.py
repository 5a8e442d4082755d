"""Books: a library of titles and authors, and a shop of those that have a price or a stock."""
