"""Dates for every area, as people type them and as they are stored.

`due` is when something is due and reads what people type for it; `recurrence` is how something repeats,
`recurrence_grammar` reads that and `recurrence_rules` stores it. The other modules are parts of these.
"""
