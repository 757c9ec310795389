"""Values, collections, state, host classes, printing and the kernel of clojure.core: every semantic, once."""
