"""The functions of clojure.core that the host gives, one module per part of the API."""
