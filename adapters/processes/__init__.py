"""Work for heavy libraries in processes of their own: a pool of them, and what runs in them."""
