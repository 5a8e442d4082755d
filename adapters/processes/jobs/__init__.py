"""What runs in the processes, and the only place that imports heavy libraries; nobody but the worker imports it."""
