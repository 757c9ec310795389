"""Since when: the first version of an engine on which a case's verdict is another."""
