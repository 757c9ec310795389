"""What every page of ours looks like and is written with: style, shapes of verdicts, scripts, packed data."""
