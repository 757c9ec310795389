"""The manual: what its pages show is run, and what is made of the sources is as the sources are."""
