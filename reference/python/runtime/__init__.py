"""Values, object model and built-ins of the guest: every semantic, once."""
