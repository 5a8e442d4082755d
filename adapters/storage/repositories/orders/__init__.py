"""Orders with their lines and payments, the terms on which a shop sells, and its discount codes."""
