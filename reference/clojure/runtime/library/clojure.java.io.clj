;; clojure.java.io: readers over strings; files are the host's.
(ns clojure.java.io)
(defn reader [x & opts] x)
(defn writer [x & opts] x)
(defn file ([x] x) ([parent child] (str parent "/" child)))
(defn resource ([n] nil) ([n loader] nil))
(defn copy [in out & opts] (.write out (slurp in)))
