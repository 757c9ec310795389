"""What belongs to the machine: streams, files, and what a state may touch of them."""
