;; clojure.template
(ns clojure.template
  (:require [clojure.walk :as walk]))
(defn apply-template [argv expr values]
  (walk/postwalk-replace (zipmap argv values) expr))
(defmacro do-template [argv expr & values]
  (let [c (count argv)]
    `(do ~@(map (fn [a] (apply-template argv expr a)) (partition c values)))))
