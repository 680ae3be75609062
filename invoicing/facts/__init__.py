"""From what the earlier apps recorded to what is rated: a constant number of statements, however many payers."""
