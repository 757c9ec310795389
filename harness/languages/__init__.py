"""Languages and the hosts that speak them, as data: descriptors of languages, profiles of engines that are plain commands."""
