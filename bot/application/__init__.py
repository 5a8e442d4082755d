"""The way of a request: queued, run through the middleware, answered."""
