"""Several copies of the product on one database."""
