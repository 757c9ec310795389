"""The server: connections, their commands, configuration and statistics, on asyncio."""
