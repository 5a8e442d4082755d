"""Orders: a cart that is filled, checked out and paid, and whatever becomes of it after that."""
