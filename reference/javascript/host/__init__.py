"""What `lockstep exec javascript` has beside the language: console, timers, process, modules and web interfaces, as node 20 has them."""
