;; clojure.string: its functions come from the host.
(ns clojure.string)
(in-ns 'clojure.string)
