"""Stock: products, and the ledger of whatever comes, goes and is set aside."""
