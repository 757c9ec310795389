"""What is kept of runs: records, status files, the history and the outcomes that can be used again."""
