;; cljs.test as far as SCI's test macros name it on the Clojure side: they extend it and never call it here.
(ns cljs.test)
(defmulti assert-expr
  (fn [menv msg form] (cond (nil? form) :always-fail (seq? form) (first form) :else :default)))
(defn do-report [m] nil)
(defn report [m] nil)
