"""The small table of Java classes that portable code names."""
