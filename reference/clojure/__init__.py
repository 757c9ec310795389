"""Clojure 1.11 on two backends over one runtime."""
