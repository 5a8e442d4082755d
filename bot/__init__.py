"""The application: what people type and how it is wired."""
