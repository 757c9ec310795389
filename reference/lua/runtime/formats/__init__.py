"""Values as bytes and back: text, `string.format`, `string.pack`, `string.dump`."""
