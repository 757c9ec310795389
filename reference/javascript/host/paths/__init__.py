"""`node:path`, `node:url` and `node:querystring`."""
