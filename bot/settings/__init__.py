"""What whoever runs the product can set, read from the environment and checked at once."""
