"""`lockstep init`: what is in a repository, the files that are written for it, and what is wrong with those that are there."""
