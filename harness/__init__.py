"""The harness: runs cases on engines, judges what they did, records, compares and reports."""
