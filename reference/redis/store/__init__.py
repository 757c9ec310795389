"""Where data lives: embedded in the process, or in a real Redis behind the server."""
