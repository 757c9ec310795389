;; clojure.set
(ns clojure.set)
(defn- bubble-max-key [k coll]
  (let [max (apply max-key k coll)]
    (cons max (remove (fn [x] (identical? max x)) coll))))
(defn union
  ([] #{})
  ([s1] s1)
  ([s1 s2] (if (< (count s1) (count s2)) (reduce conj s2 s1) (reduce conj s1 s2)))
  ([s1 s2 & sets]
   (let [bubbled (bubble-max-key count (conj sets s2 s1))] (reduce into (first bubbled) (rest bubbled)))))
(defn intersection
  ([s1] s1)
  ([s1 s2]
   (if (< (count s2) (count s1))
     (recur s2 s1)
     (reduce (fn [result item] (if (contains? s2 item) result (disj result item))) s1 s1)))
  ([s1 s2 & sets]
   (let [bubbled (bubble-max-key (fn [s] (- (count s))) (conj sets s2 s1))]
     (reduce intersection (first bubbled) (rest bubbled)))))
(defn difference
  ([s1] s1)
  ([s1 s2]
   (if (< (count s1) (count s2))
     (reduce (fn [result item] (if (contains? s2 item) (disj result item) result)) s1 s1)
     (reduce disj s1 s2)))
  ([s1 s2 & sets] (reduce difference s1 (conj sets s2))))
(defn select [pred xset] (reduce (fn [s k] (if (pred k) s (disj s k))) xset xset))
(defn project [xrel ks] (with-meta (set (map (fn [m] (select-keys m ks)) xrel)) (meta xrel)))
(defn rename-keys [map kmap]
  (reduce (fn [m [old new]] (if (contains? map old) (assoc m new (get map old)) m))
          (apply dissoc map (keys kmap)) kmap))
(defn rename [xrel kmap] (with-meta (set (map (fn [m] (rename-keys m kmap)) xrel)) (meta xrel)))
(defn index [xrel ks]
  (reduce (fn [m x] (let [ik (select-keys x ks)] (assoc m ik (conj (get m ik #{}) x)))) {} xrel))
(defn map-invert [m] (persistent! (reduce-kv (fn [m k v] (assoc! m v k)) (transient {}) m)))
(defn join
  ([xrel yrel]
   (if (and (seq xrel) (seq yrel))
     (let [ks (intersection (set (keys (first xrel))) (set (keys (first yrel))))
           [r s] (if (<= (count xrel) (count yrel)) [xrel yrel] [yrel xrel])
           idx (index r ks)]
       (reduce (fn [ret x]
                 (let [found (idx (select-keys x ks))]
                   (if found (reduce (fn [a b] (conj a (merge b x))) ret found) ret)))
               #{} s))
     #{}))
  ([xrel yrel km]
   (let [[r s k] (if (<= (count xrel) (count yrel)) [xrel yrel (map-invert km)] [yrel xrel km])
         idx (index r (vals k))]
     (reduce (fn [ret x]
               (let [found (idx (rename-keys (select-keys x (keys k)) k))]
                 (if found (reduce (fn [a b] (conj a (merge b x))) ret found) ret)))
             #{} s))))
(defn subset? [set1 set2] (and (<= (count set1) (count set2)) (every? (fn [x] (contains? set2 x)) set1)))
(defn superset? [set1 set2] (and (>= (count set1) (count set2)) (every? (fn [x] (contains? set1 x)) set2)))
