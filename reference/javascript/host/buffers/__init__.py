"""`Buffer`, its encodings, and `node:string_decoder`."""
