"""A run on many machines: what travels, what a worker does, who gets which batch, and Dask, which carries it."""
