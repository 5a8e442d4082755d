"""The whole product, driven through its platforms."""
