"""What was sold: one line for each thing on an invoice, whoever wrote it there; reports are made of them."""
