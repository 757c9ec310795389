"""`util.inspect`: the text of any value, laid out as node 20 lays it out."""
