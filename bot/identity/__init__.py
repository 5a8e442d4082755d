"""Who asks: people, channels and groups as platforms name them, and what each may see."""
