;; clojure.data
(ns clojure.data
  (:require [clojure.set :as set]))
(declare diff)
(defn- atom-diff [a b] (if (= a b) [nil nil a] [a b nil]))
(defn- vectorize [m]
  (when (seq m)
    (reduce (fn [result [k v]] (assoc result k v)) (vec (repeat (apply max (keys m)) nil)) m)))
(defn- diff-associative-key [a b k]
  (let [va (get a k) vb (get b k)
        [a* b* ab] (diff va vb)
        in-a (contains? a k) in-b (contains? b k)
        same (and in-a in-b (or (not (nil? ab)) (and (nil? va) (nil? vb))))]
    [(when (and in-a (or (not (nil? a*)) (not same))) {k a*})
     (when (and in-b (or (not (nil? b*)) (not same))) {k b*})
     (when same {k ab})]))
(defn- diff-associative
  ([a b] (diff-associative a b (set/union (set (keys a)) (set (keys b)))))
  ([a b ks] (reduce (fn [d1 d2] (doall (map merge d1 d2))) [nil nil nil]
                    (map (partial diff-associative-key a b) ks))))
(defn- diff-sequential [a b]
  (vec (map vectorize (diff-associative (if (vector? a) a (vec a)) (if (vector? b) b (vec b))
                                        (range (max (count a) (count b)))))))
(defprotocol EqualityPartition (equality-partition [x]))
(defprotocol Diff (diff-similar [a b]))
(extend-protocol EqualityPartition
  nil (equality-partition [x] :atom)
  Object (equality-partition [x]
           (cond (map? x) :map (set? x) :set (sequential? x) :sequential :else :atom)))
(extend-protocol Diff
  nil (diff-similar [a b] (atom-diff a b))
  Object (diff-similar [a b]
           (case (equality-partition a)
             :map (diff-associative a b)
             :set [(not-empty (set/difference a b)) (not-empty (set/difference b a)) (not-empty (set/intersection a b))]
             :sequential (diff-sequential a b)
             (atom-diff a b))))
(defn diff [a b]
  (if (= a b)
    [nil nil a]
    (if (= (equality-partition a) (equality-partition b)) (diff-similar a b) (atom-diff a b))))
