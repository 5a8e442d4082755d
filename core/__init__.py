"""The domain: what a back office knows and does, free of any platform, driver or network."""
