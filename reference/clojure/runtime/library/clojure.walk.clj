;; clojure.walk
(ns clojure.walk)
(defn walk [inner outer form]
  (cond
    (list? form) (outer (with-meta (apply list (map inner form)) (meta form)))
    (map-entry? form) (outer (clojure.lang.MapEntry. (inner (key form)) (inner (val form))))
    (seq? form) (outer (with-meta (doall (map inner form)) (meta form)))
    (record? form) (outer (reduce (fn [r x] (conj r (inner x))) form form))
    (coll? form) (outer (into (empty form) (map inner form)))
    :else (outer form)))
(defn postwalk [f form] (walk (partial postwalk f) f form))
(defn prewalk [f form] (walk (partial prewalk f) identity (f form)))
(defn postwalk-demo [form] (postwalk (fn [x] (print "Walked: ") (prn x) x) form))
(defn prewalk-demo [form] (prewalk (fn [x] (print "Walked: ") (prn x) x) form))
(defn keywordize-keys [m]
  (let [f (fn [[k v]] (if (string? k) [(keyword k) v] [k v]))]
    (postwalk (fn [x] (if (map? x) (with-meta (into {} (map f x)) (meta x)) x)) m)))
(defn stringify-keys [m]
  (let [f (fn [[k v]] (if (keyword? k) [(name k) v] [k v]))]
    (postwalk (fn [x] (if (map? x) (with-meta (into {} (map f x)) (meta x)) x)) m)))
(defn prewalk-replace [smap form] (prewalk (fn [x] (if (contains? smap x) (smap x) x)) form))
(defn postwalk-replace [smap form] (postwalk (fn [x] (if (contains? smap x) (smap x) x)) form))
(defn macroexpand-all [form] (prewalk (fn [x] (if (seq? x) (macroexpand x) x)) form))
