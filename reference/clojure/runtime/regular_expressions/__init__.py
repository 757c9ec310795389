"""java.util.regex over the host's engine: parsed, translated, compiled."""
