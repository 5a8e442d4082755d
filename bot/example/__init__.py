"""The example of a shop that `quartermaster demo` makes: its people and their talk, and what areas put into it."""
