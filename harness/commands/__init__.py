"""What each subcommand of `lockstep` does, apart from reading its arguments."""
