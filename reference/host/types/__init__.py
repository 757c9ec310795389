"""What is certain of values before a program runs: kinds as sets of bits, intervals of integers, and how they are solved."""
