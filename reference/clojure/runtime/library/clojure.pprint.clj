;; clojure.pprint: one form a line; a collection that is too wide is broken at its elements.
(ns clojure.pprint
  (:require [clojure.string :as string]))
(def ^:dynamic *print-right-margin* 72)
(def ^:dynamic *print-miser-width* 40)
(def ^:dynamic *print-pretty* true)
(def ^:dynamic *print-suppress-namespaces* nil)
(defn- layout [x indent]
  (let [flat (pr-str x)]
    (if (or (<= (+ indent (count flat)) *print-right-margin*) (not (coll? x)) (record? x))
      flat
      (let [[open close] (cond (map? x) ["{" "}"] (vector? x) ["[" "]"] (set? x) ["#{" "}"] :else ["(" ")"])
            inner (+ indent (count open))
            pad (str "\n" (apply str (repeat inner " ")))]
        (str open
             (if (map? x)
               (string/join (str "," pad)
                            (map (fn [[k v]]
                                   (let [key (layout k inner)
                                         width (+ inner (count key) 1)]
                                     (if (<= (+ width (count (pr-str v))) *print-right-margin*)
                                       (str key " " (pr-str v))
                                       (str key pad (layout v inner)))))
                                 x))
               (string/join pad (map (fn [e] (layout e inner)) x)))
             close)))))
(defn write-out [x] (print (layout x 0)))
(defn pprint
  ([object] (println (layout object 0)))
  ([object writer] (binding [*out* writer] (println (layout object 0)))))
(defmacro pp [] `(pprint *1))
(defn print-table
  ([rows] (print-table (keys (first rows)) rows))
  ([ks rows]
   (when (seq rows)
     (let [widths (map (fn [k] (apply max (count (str k)) (map (fn [r] (count (str (get r k)))) rows))) ks)
           spacers (map (fn [w] (apply str (repeat w "-"))) widths)
           row (fn [l d t vs] (str l (string/join d (map (fn [v w] (str (apply str (repeat (- w (count (str v))) " ")) v)) vs widths)) t))]
       (println)
       (println (row "| " " | " " |" ks))
       (println (row "|-" "-+-" "-|" spacers))
       (doseq [r rows] (println (row "| " " | " " |" (map (fn [k] (get r k)) ks))))))))
(defn fresh-line [] (newline))
(defn simple-dispatch [x] (pr x))
(defn code-dispatch [x] (pr x))
(defn set-pprint-dispatch [f] nil)
(defmacro with-pprint-dispatch [f & body] `(do ~@body))
