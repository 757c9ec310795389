;; clojure.uuid: nothing but the reader of `#uuid`, which clojure.core has.
(ns clojure.uuid)
