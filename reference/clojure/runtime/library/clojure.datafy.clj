;; clojure.datafy
(ns clojure.datafy (:require [clojure.core.protocols :as p]))
(defn datafy [x]
  (let [v (p/datafy x)]
    (if (or (identical? v x) (not (instance? clojure.lang.IObj v)))
      v
      (vary-meta v assoc ::obj x ::class (symbol (.getName (class x)))))))
(defn nav [coll k v] (p/nav coll k v))
