"""The collector as programs see it: weak tables, finalisers, `collectgarbage`."""
