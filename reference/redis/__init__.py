"""Redis scripting: a server whose EVAL, FUNCTION and FCALL run on the reference implementation of Lua 5.1."""
