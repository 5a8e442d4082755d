"""What can be typed: commands declared from functions, lines parsed into plans, forms and completions made of them."""
