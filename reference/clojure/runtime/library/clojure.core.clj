;; clojure.core: macros, and the functions that are best said in Clojure. The host gives the kernel: what is
;; defined here builds on it. `k/` is lockstep.kernel.

(in-ns 'clojure.core)

;; Names that macros use before they are defined.
(def map) (def interleave) (def partition) (def split-at) (def take-nth) (def mapcat) (def not=)
(def take-while) (def drop-while) (def remove) (def complement) (def merge) (def identity) (def comp)
(def namespace-munge) (def sequence) (def tree-seq) (def into) (def filter) (def drop) (def take)

;; Definitions

(defn vary-meta [obj f & args] (with-meta obj (apply f (meta obj) args)))

(defmacro defn-
  "Like defn, for a private var."
  [name & decls]
  `(defn ~(vary-meta name assoc :private true) ~@decls))

(defmacro declare [& names]
  `(do ~@(map (fn [n] (list 'def (vary-meta n assoc :declared true))) names)))

(defn identity [x] x)
(defn constantly [x] (fn [& args] x))
(defn complement [f]
  (fn
    ([] (not (f)))
    ([x] (not (f x)))
    ([x y] (not (f x y)))
    ([x y & zs] (not (apply f x y zs)))))
(defn comp
  ([] identity)
  ([f] f)
  ([f g]
   (fn
     ([] (f (g)))
     ([x] (f (g x)))
     ([x y] (f (g x y)))
     ([x y z] (f (g x y z)))
     ([x y z & args] (f (apply g x y z args)))))
  ([f g & fs] (reduce comp (list* f g fs))))

;; Control

(defmacro when [test & body] (list 'if test (cons 'do body)))
(defmacro when-not [test & body] (list 'if test nil (cons 'do body)))
(defmacro if-not
  ([test then] `(if-not ~test ~then nil))
  ([test then else] `(if (not ~test) ~then ~else)))

(defmacro and
  ([] true)
  ([x] x)
  ([x & next] `(let [and# ~x] (if and# (and ~@next) and#))))
(defmacro or
  ([] nil)
  ([x] x)
  ([x & next] `(let [or# ~x] (if or# or# (or ~@next)))))

(defmacro cond [& clauses]
  (when clauses
    (list 'if (first clauses)
          (if (next clauses)
            (second clauses)
            (throw (IllegalArgumentException. "cond requires an even number of forms")))
          (cons 'clojure.core/cond (next (next clauses))))))

(defmacro if-let
  ([bindings then] `(if-let ~bindings ~then nil))
  ([bindings then else & oldform]
   (when-not (and (vector? bindings) (nil? oldform) (= 2 (count bindings)))
     (throw (IllegalArgumentException. "if-let requires exactly 2 forms in binding vector")))
   (let [form (bindings 0) tst (bindings 1)]
     `(let [temp# ~tst]
        (if temp# (let [~form temp#] ~then) ~else)))))
(defmacro when-let [bindings & body]
  (when-not (and (vector? bindings) (= 2 (count bindings)))
    (throw (IllegalArgumentException. "when-let requires exactly 2 forms in binding vector")))
  (let [form (bindings 0) tst (bindings 1)]
    `(let [temp# ~tst]
       (when temp# (let [~form temp#] ~@body)))))
(defmacro if-some
  ([bindings then] `(if-some ~bindings ~then nil))
  ([bindings then else & oldform]
   (when-not (and (vector? bindings) (nil? oldform) (= 2 (count bindings)))
     (throw (IllegalArgumentException. "if-some requires exactly 2 forms in binding vector")))
   (let [form (bindings 0) tst (bindings 1)]
     `(let [temp# ~tst]
        (if (nil? temp#) ~else (let [~form temp#] ~then))))))
(defmacro when-some [bindings & body]
  (when-not (and (vector? bindings) (= 2 (count bindings)))
    (throw (IllegalArgumentException. "when-some requires exactly 2 forms in binding vector")))
  (let [form (bindings 0) tst (bindings 1)]
    `(let [temp# ~tst]
       (if (nil? temp#) nil (let [~form temp#] ~@body)))))
(defmacro when-first [bindings & body]
  (when-not (and (vector? bindings) (= 2 (count bindings)))
    (throw (IllegalArgumentException. "when-first requires exactly 2 forms in binding vector")))
  (let [[x xs] bindings]
    `(when-let [xs# (seq ~xs)]
       (let [~x (first xs#)] ~@body))))

(defmacro -> [x & forms]
  (loop [x x, forms forms]
    (if forms
      (let [form (first forms)
            threaded (if (seq? form)
                       (with-meta `(~(first form) ~x ~@(next form)) (meta form))
                       (list form x))]
        (recur threaded (next forms)))
      x)))
(defmacro ->> [x & forms]
  (loop [x x, forms forms]
    (if forms
      (let [form (first forms)
            threaded (if (seq? form)
                       (with-meta `(~(first form) ~@(next form) ~x) (meta form))
                       (list form x))]
        (recur threaded (next forms)))
      x)))
(defmacro .. 
  ([x form] `(. ~x ~form))
  ([x form & more] `(.. (. ~x ~form) ~@more)))
(defmacro doto [x & forms]
  (let [gx (gensym)]
    `(let [~gx ~x]
       ~@(map (fn [f] (if (seq? f) (with-meta `(~(first f) ~gx ~@(next f)) (meta f)) `(~f ~gx))) forms)
       ~gx)))
(defmacro as-> [expr name & forms]
  `(let [~name ~expr ~@(interleave (repeat name) (butlast forms))]
     ~(if (empty? forms) name (last forms))))
(defmacro cond-> [expr & clauses]
  (let [g (gensym)
        steps (map (fn [[test step]] `(if ~test (-> ~g ~step) ~g)) (partition 2 clauses))]
    (when (odd? (count clauses)) (throw (AssertionError. "Assert failed: (even? (count clauses))")))
    `(let [~g ~expr ~@(interleave (repeat g) (butlast steps))]
       ~(if (empty? steps) g (last steps)))))
(defmacro cond->> [expr & clauses]
  (let [g (gensym)
        steps (map (fn [[test step]] `(if ~test (->> ~g ~step) ~g)) (partition 2 clauses))]
    `(let [~g ~expr ~@(interleave (repeat g) (butlast steps))]
       ~(if (empty? steps) g (last steps)))))
(defmacro some-> [expr & forms]
  (let [g (gensym)
        steps (map (fn [step] `(if (nil? ~g) nil (-> ~g ~step))) forms)]
    `(let [~g ~expr ~@(interleave (repeat g) (butlast steps))]
       ~(if (empty? steps) g (last steps)))))
(defmacro some->> [expr & forms]
  (let [g (gensym)
        steps (map (fn [step] `(if (nil? ~g) nil (->> ~g ~step))) forms)]
    `(let [~g ~expr ~@(interleave (repeat g) (butlast steps))]
       ~(if (empty? steps) g (last steps)))))
(defmacro condp [pred expr & clauses]
  (let [gpred (gensym "pred__") gexpr (gensym "expr__")
        emit (fn emit [pred expr args]
               (let [[[a b c :as clause] more] (split-at (if (= :>> (second args)) 3 2) args)
                     n (count clause)]
                 (cond
                   (= 0 n) `(throw (IllegalArgumentException. (str "No matching clause: " ~expr)))
                   (= 1 n) a
                   (= 2 n) `(if (~pred ~a ~expr) ~b ~(emit pred expr more))
                   :else `(if-let [p# (~pred ~a ~expr)] (~c p#) ~(emit pred expr more)))))]
    `(let [~gpred ~pred ~gexpr ~expr] ~(emit gpred gexpr clauses))))

(defmacro while [test & body] `(loop [] (when ~test ~@body (recur))))
(defmacro dotimes [bindings & body]
  (let [i (first bindings) n (second bindings)]
    `(let [n# (long ~n)]
       (loop [~i 0]
         (when (< ~i n#)
           ~@body
           (recur (inc ~i)))))))
(defmacro comment [& body])
(defmacro lazy-seq [& body] (list 'lockstep.kernel/lazy-seq (list* 'fn* [] body)))
(defmacro ^:private lazily [& body] (list 'lockstep.kernel/lazy-seq-once (list* 'fn* [] body)))
(defmacro delay [& body] (list 'lockstep.kernel/delay (list* 'fn* [] body)))
(defmacro lazy-cat [& colls] `(concat ~@(map (fn [c] (list `lazy-seq c)) colls)))
(defmacro letfn [fnspecs & body]
  `(letfn* ~(vec (interleave (map first fnspecs) (map (fn [s] `(fn ~@s)) fnspecs))) ~@body))
(defmacro assert
  ([x]
   (when *assert*
     `(when-not ~x (throw (new AssertionError (str "Assert failed: " (pr-str '~x)))))))
  ([x message]
   (when *assert*
     `(when-not ~x (throw (new AssertionError (str "Assert failed: " ~message "\n" (pr-str '~x))))))))
(defmacro defonce [name expr]
  `(let [v# (def ~name)]
     (when-not (bound? v#) (def ~name ~expr))))
(defmacro locking [x & body] `(do ~x ~@body))
(defmacro io! [& body]
  (let [message (when (string? (first body)) (first body))
        body (if message (next body) body)]
    `(if (k/in-transaction) (throw (new IllegalStateException ~(or message "I/O in transaction"))) (do ~@body))))
(defmacro with-open [bindings & body]
  (cond
    (= (count bindings) 0) `(do ~@body)
    (symbol? (bindings 0)) `(let ~(subvec bindings 0 2)
                              (try (with-open ~(subvec bindings 2) ~@body)
                                   (finally (. ~(bindings 0) close))))
    :else (throw (IllegalArgumentException. "with-open only allows Symbols in bindings"))))
(defmacro time [expr]
  `(let [start# (k/time-ns)
         ret# ~expr]
     (prn (str "Elapsed time: " (/ (double (- (k/time-ns) start#)) 1000000.0) " msecs"))
     ret#))
(defmacro memfn [name & args] `(fn [target# ~@args] (. target# (~name ~@args))))
(defmacro vswap! [vol f & args] `(k/vswap ~vol ~f ~@args))

;; Iteration

(defn- seq-exprs [bindings]
  (reduce (fn [groups [k v]]
            (if (keyword? k)
              (conj (pop groups) (conj (peek groups) [k v]))
              (conj groups [k v])))
          [] (partition 2 bindings)))

(defmacro doseq [seq-exprs & body]
  (when-not (vector? seq-exprs) (throw (IllegalArgumentException. "doseq requires a vector for its binding")))
  (when (odd? (count seq-exprs))
    (throw (IllegalArgumentException. "doseq requires an even number of forms in binding vector")))
  (let [step (fn step [recform exprs]
               (if-not exprs
                 [true `(do ~@body)]
                 (let [k (first exprs) v (second exprs)]
                   (if (keyword? k)
                     (let [[needrec subform] (step recform (nnext exprs))]
                       (cond
                         (= k :let) [needrec `(let ~v ~subform)]
                         (= k :while) [false `(when ~v ~subform ~@(when needrec [recform]))]
                         (= k :when) [false `(if ~v (do ~subform ~@(when needrec [recform])) ~recform)]
                         :else (throw (IllegalArgumentException. (str "Invalid 'doseq' keyword " k)))))
                     (let [seq- (gensym "seq_")
                           recform `(recur (next ~seq-))
                           [needrec subform] (step recform (nnext exprs))]
                       [true `(loop [~seq- (seq ~v)]
                                (when ~seq-
                                  (let [~k (first ~seq-)]
                                    ~subform
                                    ~@(when needrec [recform]))))])))))]
    (nth (step nil (seq seq-exprs)) 1)))

(defmacro for [seq-exprs body-expr]
  (when-not (vector? seq-exprs) (throw (IllegalArgumentException. "for requires a vector for its binding")))
  (when (odd? (count seq-exprs))
    (throw (IllegalArgumentException. "for requires an even number of forms in binding vector")))
  (let [groups (reduce (fn [groups [k v]]
                         (if (keyword? k)
                           (conj (pop groups) (conj (peek groups) [k v]))
                           (conj groups [k v])))
                       [] (partition 2 seq-exprs))
        emit (fn emit [[[bind expr & mods] & more]]
               (let [giter (gensym "iter__") gxs (gensym "s__")
                     modify (fn modify [[[k v] & mods]]
                              (cond
                                (= k :let) `(let ~v ~(modify mods))
                                (= k :while) `(when ~v ~(modify mods))
                                (= k :when) `(if ~v ~(modify mods) (recur (rest ~gxs)))
                                (keyword? k) (throw (IllegalArgumentException. (str "Invalid 'for' keyword " k)))
                                more `(let [iterys# ~(emit more)
                                            fs# (seq (iterys# ~(second (first more))))]
                                        (if fs#
                                          (concat fs# (~giter (rest ~gxs)))
                                          (recur (rest ~gxs))))
                                :else `(cons ~body-expr (~giter (rest ~gxs)))))]
                 (if (or more (seq mods))
                   `(fn ~giter [~gxs]
                      (lockstep.kernel/lazy-seq-once
                       (fn* []
                         (loop [~gxs ~gxs]
                           (when-let [~gxs (seq ~gxs)]
                             (let [~bind (first ~gxs)]
                               ~(modify mods)))))))
                   `(fn [~gxs] (k/map1 (fn [~bind] ~body-expr) ~gxs)))))]
    `(let [iter# ~(emit groups)]
       (iter# ~(second seq-exprs)))))

;; Functions

(defn not= ([x] false) ([x y] (not (= x y))) ([x y & more] (not (apply = x y more))))
(defn completing ([f] (completing f identity))
  ([f cf] (fn ([] (f)) ([x] (cf x)) ([x y] (f x y)))))
(defn partial
  ([f] f)
  ([f a] (fn ([] (f a)) ([x] (f a x)) ([x y] (f a x y)) ([x y & args] (apply f a x y args))))
  ([f a b] (fn ([] (f a b)) ([x] (f a b x)) ([x y] (f a b x y)) ([x y & args] (apply f a b x y args))))
  ([f a b c & more] (fn [& args] (apply f a b c (concat more args)))))
(defn juxt
  ([f] (fn [& args] [(apply f args)]))
  ([f & fs] (let [fs (list* f fs)] (fn [& args] (mapv (fn [g] (apply g args)) fs)))))
(defn fnil
  ([f x] (fn ([a] (f (if (nil? a) x a)))
           ([a b] (f (if (nil? a) x a) b))
           ([a b & cs] (apply f (if (nil? a) x a) b cs))))
  ([f x y] (fn ([a b] (f (if (nil? a) x a) (if (nil? b) y b)))
             ([a b c] (f (if (nil? a) x a) (if (nil? b) y b) c))
             ([a b c & ds] (apply f (if (nil? a) x a) (if (nil? b) y b) c ds))))
  ([f x y z] (fn ([a b] (f (if (nil? a) x a) (if (nil? b) y b)))
               ([a b c] (f (if (nil? a) x a) (if (nil? b) y b) (if (nil? c) z c)))
               ([a b c & ds] (apply f (if (nil? a) x a) (if (nil? b) y b) (if (nil? c) z c) ds)))))
(defn memoize [f]
  (let [mem (atom {})]
    (fn [& args]
      (if-let [e (find @mem args)]
        (val e)
        (let [ret (apply f args)]
          (swap! mem assoc args ret)
          ret)))))
(defn trampoline
  ([f] (let [ret (f)] (if (fn? ret) (recur ret) ret)))
  ([f & args] (trampoline (fn [] (apply f args)))))
(defn every-pred
  ([p] (fn [& xs] (boolean (every? p xs))))
  ([p & ps] (let [ps (list* p ps)] (fn [& xs] (every? (fn [x] (every? (fn [q] (q x)) ps)) xs)))))
(defn some-fn
  ([p]
   (fn ([] nil) ([x] (p x)) ([x y] (or (p x) (p y))) ([x y z] (or (p x) (p y) (p z)))
     ([x y z & args] (or (p x) (p y) (p z) (some p args)))))
  ([p & ps]
   (let [ps (list* p ps)
         any-of (fn [x] (loop [ps ps] (let [r ((first ps) x)] (if (or r (nil? (next ps))) r (recur (next ps))))))]
     (fn ([] nil) ([x] (any-of x)) ([x y] (or (any-of x) (any-of y)))
       ([x y z] (or (any-of x) (any-of y) (any-of z)))
       ([x y z & args] (or (any-of x) (any-of y) (any-of z) (some any-of args)))))))
(defn comparator [pred]
  (fn [x y] (cond (pred x y) -1 (pred y x) 1 :else 0)))

(defn not-every? [pred coll] (not (every? pred coll)))
(defn not-any? [pred coll] (not (some pred coll)))

;; Sequences with transducers

(defn map
  ([f]
   (fn [rf]
     (fn ([] (rf)) ([result] (rf result)) ([result input] (rf result (f input)))
       ([result input & inputs] (rf result (apply f input inputs))))))
  ([f coll] (k/map1 f coll))
  ([f c1 c2 & colls] (k/map-many f (list* c1 c2 colls))))
(defn filter
  ([pred]
   (fn [rf]
     (fn ([] (rf)) ([result] (rf result)) ([result input] (if (pred input) (rf result input) result)))))
  ([pred coll] (k/filter pred coll)))
(defn remove
  ([pred] (filter (complement pred)))
  ([pred coll] (k/remove pred coll)))
(defn keep
  ([f]
   (fn [rf]
     (fn ([] (rf)) ([result] (rf result))
       ([result input] (let [v (f input)] (if (nil? v) result (rf result v)))))))
  ([f coll] (k/keep f coll)))
(defn map-indexed
  ([f]
   (fn [rf]
     (let [i (volatile! -1)]
       (fn ([] (rf)) ([result] (rf result)) ([result input] (rf result (f (vswap! i inc) input)))))))
  ([f coll] (k/map-indexed f coll)))
(defn keep-indexed
  ([f]
   (fn [rf]
     (let [i (volatile! -1)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input] (let [v (f (vswap! i inc) input)] (if (nil? v) result (rf result v))))))))
  ([f coll] (k/keep identity (k/map-indexed f coll))))
(defn cat [rf]
  (let [rrf (fn [acc x] (let [r (rf acc x)] (if (reduced? r) (reduced r) r)))]
    (fn ([] (rf)) ([result] (rf result)) ([result input] (reduce rrf result input)))))
(defn mapcat
  ([f] (comp (map f) cat))
  ([f & colls] (apply concat (apply map f colls))))
(defn take
  ([n]
   (fn [rf]
     (let [nv (volatile! n)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input]
          (let [n @nv nn (vswap! nv dec) result (if (pos? n) (rf result input) result)]
            (if (not (pos? nn)) (ensure-reduced result) result)))))))
  ([n coll] (k/take n coll)))
(defn drop
  ([n]
   (fn [rf]
     (let [nv (volatile! n)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input] (let [n @nv] (vswap! nv dec) (if (pos? n) result (rf result input))))))))
  ([n coll] (k/drop n coll)))
(defn take-while
  ([pred]
   (fn [rf]
     (fn ([] (rf)) ([result] (rf result))
       ([result input] (if (pred input) (rf result input) (reduced result))))))
  ([pred coll] (k/take-while pred coll)))
(defn drop-while
  ([pred]
   (fn [rf]
     (let [dv (volatile! true)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input]
          (let [drop? @dv]
            (if (and drop? (pred input)) result (do (vreset! dv nil) (rf result input)))))))))
  ([pred coll] (k/drop-while pred coll)))
(defn take-nth
  ([n]
   (fn [rf]
     (let [iv (volatile! -1)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input] (let [i (vswap! iv inc)] (if (zero? (rem i n)) (rf result input) result)))))))
  ([n coll] (lazily (when-let [s (seq coll)] (cons (first s) (take-nth n (drop n s)))))))
(defn take-last [n coll]
  (loop [s (seq coll), lead (seq (drop n coll))]
    (if lead (recur (next s) (next lead)) s)))
(defn drop-last ([coll] (drop-last 1 coll)) ([n coll] (map (fn [x _] x) coll (drop n coll))))
(defn split-at [n coll] [(take n coll) (drop n coll)])
(defn split-with [pred coll] [(take-while pred coll) (drop-while pred coll)])
(defn distinct
  ([]
   (fn [rf]
     (let [seen (volatile! #{})]
       (fn ([] (rf)) ([result] (rf result))
         ([result input]
          (if (contains? @seen input) result (do (vswap! seen conj input) (rf result input))))))))
  ([coll] (k/distinct coll)))
(defn dedupe
  ([]
   (fn [rf]
     (let [pv (volatile! ::none)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input]
          (let [prior @pv] (vreset! pv input) (if (= prior input) result (rf result input))))))))
  ([coll] (sequence (dedupe) coll)))
(defn interpose
  ([sep]
   (fn [rf]
     (let [started (volatile! false)]
       (fn ([] (rf)) ([result] (rf result))
         ([result input]
          (if @started
            (let [sepr (rf result sep)] (if (reduced? sepr) sepr (rf sepr input)))
            (do (vreset! started true) (rf result input))))))))
  ([sep coll] (drop 1 (k/concat-all (k/map1 (fn [x] (list sep x)) coll)))))
(defn interleave
  ([] ())
  ([c1] (lazily c1))
  ([c1 c2]
   (lazily
    (let [s1 (seq c1) s2 (seq c2)]
      (when (and s1 s2)
        (cons (first s1) (cons (first s2) (interleave (rest s1) (rest s2))))))))
  ([c1 c2 & colls]
   (lazily
    (let [ss (map seq (list* c1 c2 colls))]
      (when (every? identity ss)
        (concat (map first ss) (apply interleave (map rest ss))))))))
(defn partition
  ([n coll] (partition n n coll))
  ([n step coll]
   (lazily
    (when-let [s (seq coll)]
      (let [p (doall (take n s))]
        (when (= n (count p)) (cons p (partition n step (nthrest s step))))))))
  ([n step pad coll]
   (lazily
    (when-let [s (seq coll)]
      (let [p (doall (take n s))]
        (if (= n (count p))
          (cons p (partition n step pad (nthrest s step)))
          (list (take n (concat p pad)))))))))
(defn partition-all
  ([n]
   (fn [rf]
     (let [a (volatile! [])]
       (fn ([] (rf))
         ([result]
          (let [result (if (empty? @a) result
                           (let [v @a] (vreset! a []) (unreduced (rf result v))))]
            (rf result)))
         ([result input]
          (vswap! a conj input)
          (if (= n (count @a))
            (let [v @a] (vreset! a []) (rf result v))
            result))))))
  ([n coll] (partition-all n n coll))
  ([n step coll]
   (lazily
    (when-let [s (seq coll)]
      (let [p (doall (take n s))]
        (cons p (partition-all n step (nthrest s step))))))))
(defn partition-by
  ([f]
   (fn [rf]
     (let [a (volatile! []) pv (volatile! ::none)]
       (fn ([] (rf))
         ([result]
          (let [result (if (empty? @a) result
                           (let [v @a] (vreset! a []) (unreduced (rf result v))))]
            (rf result)))
         ([result input]
          (let [pval @pv v (f input)]
            (vreset! pv v)
            (if (or (identical? pval ::none) (= v pval))
              (do (vswap! a conj input) result)
              (let [old @a]
                (vreset! a [])
                (let [ret (rf result old)]
                  (when-not (reduced? ret) (vswap! a conj input))
                  ret)))))))))
  ([f coll]
   (lazily
    (when-let [s (seq coll)]
      (let [fst (first s) fv (f fst)
            run (cons fst (take-while (fn [x] (= fv (f x))) (next s)))]
        (cons run (partition-by f (lazy-seq (drop (count run) s)))))))))
(defn random-sample
  ([prob] (filter (fn [_] (< (rand) prob))))
  ([prob coll] (filter (fn [_] (< (rand) prob)) coll)))
(defn halt-when
  ([pred] (halt-when pred nil))
  ([pred retf]
   (fn [rf]
     (fn ([] (rf))
       ([result] (if (and (map? result) (contains? result ::halt)) (::halt result) (rf result)))
       ([result input]
        (if (pred input)
          (reduced {::halt (if retf (retf (rf result) input) input)})
          (rf result input)))))))
(defn reductions
  ([f coll] (lazy-seq (if-let [s (seq coll)] (reductions f (first s) (rest s)) (list (f)))))
  ([f init coll]
   (if (reduced? init)
     (list @init)
     (cons init (lazy-seq (when-let [s (seq coll)] (reductions f (f init (first s)) (rest s))))))))
(defn repeatedly
  ([f] (lazily (cons (f) (repeatedly f))))
  ([n f] (take n (repeatedly f))))
(defn flatten [x]
  (filter (complement sequential?) (rest (tree-seq sequential? seq x))))
(defn tree-seq [branch? children root]
  (let [walk (fn walk [node]
               (lazy-seq (cons node (when (branch? node) (mapcat walk (children node))))))]
    (walk root)))
(defn transduce
  ([xform f coll] (transduce xform f (f) coll))
  ([xform f init coll] (let [f (xform f)] (f (reduce f init coll)))))
(defn into
  ([] [])
  ([to] to)
  ([to from] (k/into to from))
  ([to xform from]
   (if (instance? clojure.lang.IEditableCollection to)
     (let [tm (meta to)
           rf (fn ([coll] (with-meta (persistent! coll) tm)) ([coll v] (conj! coll v)))]
       (transduce xform rf (transient to) from))
     (transduce xform conj to from))))
(defn sequence
  ([coll] (if (seq? coll) coll (or (seq coll) ())))
  ([xform coll] (or (k/transform xform coll) ()))
  ([xform coll & colls]
   (or (k/transform (fn [rf] (let [f (xform rf)]
                                    (fn ([] (f)) ([r] (f r)) ([r args] (apply f r args)))))
                         (apply map list coll colls))
       ())))
(deftype Eduction [xform coll]
  clojure.lang.Sequential
  clojure.lang.Seqable
  (seq [_] (seq (k/transform xform coll)))
  java.lang.Iterable
  (iterator [this] (k/transform-iterator xform coll))
  clojure.lang.IReduceInit
  (reduce [_ f init] (transduce xform (completing f) init coll)))
(defn eduction [& xforms] (Eduction. (apply comp (butlast xforms)) (last xforms)))
(defn run! [proc coll] (reduce (fn [_ x] (proc x)) nil coll) nil)
(defn iteration
  [step & {:keys [somef vf kf initk] :or {vf identity kf identity somef some? initk nil}}]
  ((fn next-page [ret]
     (lazy-seq
      (when (somef ret)
        (cons (vf ret) (when-some [k (kf ret)] (next-page (step k)))))))
   (step initk)))
(defn max-key
  ([k x] x)
  ([k x y] (if (> (k x) (k y)) x y))
  ([k x y & more]
   (let [kx (k x) ky (k y) [v kv] (if (> kx ky) [x kx] [y ky])]
     (loop [v v kv kv more more]
       (if more
         (let [w (first more) kw (k w)] (if (>= kw kv) (recur w kw (next more)) (recur v kv (next more))))
         v)))))
(defn min-key
  ([k x] x)
  ([k x y] (if (< (k x) (k y)) x y))
  ([k x y & more]
   (let [kx (k x) ky (k y) [v kv] (if (< kx ky) [x kx] [y ky])]
     (loop [v v kv kv more more]
       (if more
         (let [w (first more) kw (k w)] (if (<= kw kv) (recur w kw (next more)) (recur v kv (next more))))
         v)))))
(defn replicate [n x] (take n (repeat x)))
(defn- in-bound [sc test key]
  (fn [e] (test (k/sorted-compare sc e key) 0)))
(defn subseq
  ([sc test key]
   (let [include (in-bound sc test key)]
     (if (#{> >=} test)
       (when-let [s (k/sorted-seq-from sc key true)]
         (if (include (first s)) s (next s)))
       (take-while include (k/sorted-seq sc true)))))
  ([sc start-test start-key end-test end-key]
   (when-let [s (k/sorted-seq-from sc start-key true)]
     (take-while (in-bound sc end-test end-key)
                 (if ((in-bound sc start-test start-key) (first s)) s (next s))))))
(defn rsubseq
  ([sc test key]
   (let [include (in-bound sc test key)]
     (if (#{< <=} test)
       (when-let [s (k/sorted-seq-from sc key false)]
         (if (include (first s)) s (next s)))
       (take-while include (k/sorted-seq sc false)))))
  ([sc start-test start-key end-test end-key]
   (when-let [s (k/sorted-seq-from sc end-key false)]
     (take-while (in-bound sc start-test start-key)
                 (if ((in-bound sc end-test end-key) (first s)) s (next s))))))
(defn chunk-first [s] (k/chunk-first s))
(defn chunk-rest [s] (k/chunk-rest s))
(defn chunk-next [s] (seq (k/chunk-rest s)))
(defn chunk-cons [chunk rest] (k/chunk-cons (if (instance? clojure.lang.IDeref chunk) @chunk chunk) rest))
(defn chunk-buffer [n] (volatile! []))
(defn chunk-append [b x] (vswap! b conj x))
(defn chunk [b] @b)
(defn pmap ([f coll] (map f coll)) ([f coll & colls] (apply map f coll colls)))
(defn pcalls [& fns] (map (fn [f] (f)) fns))
(defmacro pvalues [& exprs] `(pcalls ~@(map (fn [e] (list `fn [] e)) exprs)))
(defn line-seq [rdr] (when-let [line (.readLine rdr)] (cons line (lazy-seq (line-seq rdr)))))
(defn seque ([s] s) ([n s] s))
(defn xml-seq [root] (tree-seq (complement string?) (comp seq :content) root))

;; Maps

(defn get-in
  ([m ks] (reduce get m ks))
  ([m ks not-found]
   (let [sentinel (Object.)]
     (loop [m m ks (seq ks)]
       (if ks
         (let [m (get m (first ks) sentinel)]
           (if (identical? sentinel m) not-found (recur m (next ks))))
         m)))))
(defn assoc-in [m [k & ks] v]
  (if ks (assoc m k (assoc-in (get m k) ks v)) (assoc m k v)))
(defn update
  ([m k f] (assoc m k (f (get m k))))
  ([m k f x] (assoc m k (f (get m k) x)))
  ([m k f x y] (assoc m k (f (get m k) x y)))
  ([m k f x y z & more] (assoc m k (apply f (get m k) x y z more))))
(defn update-in [m ks f & args]
  (let [up (fn up [m ks f args]
             (let [[k & ks] ks]
               (if ks
                 (assoc m k (up (get m k) ks f args))
                 (assoc m k (apply f (get m k) args)))))]
    (up m ks f args)))
(defn merge [& maps]
  (when (some identity maps)
    (reduce (fn [a b] (conj (or a {}) b)) maps)))
(defn merge-with [f & maps]
  (when (some identity maps)
    (let [merge-entry (fn [m e]
                        (let [k (key e) v (val e)]
                          (if (contains? m k) (assoc m k (f (get m k) v)) (assoc m k v))))]
      (reduce (fn [m1 m2] (reduce merge-entry (or m1 {}) (seq m2))) maps))))
(defn select-keys [map keyseq]
  (with-meta
    (reduce (fn [ret k] (let [e (find map k)] (if e (conj ret e) ret))) {} keyseq)
    (meta map)))
(defn update-vals [m f]
  (with-meta (persistent! (reduce-kv (fn [acc k v] (assoc! acc k (f v))) (transient {}) m)) (meta m)))
(defn update-keys [m f]
  (with-meta (persistent! (reduce-kv (fn [acc k v] (assoc! acc (f k) v)) (transient {}) m)) (meta m)))
(defn replace
  ([smap] (map (fn [x] (if-let [e (find smap x)] (val e) x))))
  ([smap coll]
   (if (vector? coll)
     (reduce (fn [v i] (if-let [e (find smap (nth v i))] (assoc v i (val e)) v)) coll (range (count coll)))
     (map (fn [x] (if-let [e (find smap x)] (val e) x)) coll))))
(defn vector-of [t & elements] (vec elements))
(defn create-struct [& keys] (vec keys))
(defn struct [s & vals] (zipmap s (concat vals (repeat nil))))
(defn struct-map [s & inits] (merge (zipmap s (repeat nil)) (apply hash-map inits)))
(defn accessor [s key] (fn [m] (get m key)))
(defmacro defstruct [name & keys] `(def ~name (create-struct ~@keys)))
(defn seq-to-map-for-destructuring [s] (k/seq-to-map s))

;; State

(defmacro binding [bindings & body]
  (when-not (vector? bindings) (throw (IllegalArgumentException. "binding requires a vector for its binding")))
  (when (odd? (count bindings))
    (throw (IllegalArgumentException. "binding requires an even number of forms in binding vector")))
  (let [pairs (partition 2 bindings)]
    `(do
       (push-thread-bindings (hash-map ~@(mapcat (fn [[v x]] [(list 'var v) x]) pairs)))
       (try ~@body (finally (pop-thread-bindings))))))
(defn with-bindings* [binding-map f & args]
  (push-thread-bindings binding-map)
  (try (apply f args) (finally (pop-thread-bindings))))
(defmacro with-bindings [binding-map & body] `(with-bindings* ~binding-map (fn [] ~@body)))
(defn bound-fn* [f]
  (let [bindings (get-thread-bindings)]
    (fn [& args] (apply with-bindings* bindings f args))))
(defmacro bound-fn [& fntail] `(bound-fn* (fn ~@fntail)))
(defn with-redefs-fn [binding-map func]
  (let [old (zipmap (keys binding-map) (map k/var-root (keys binding-map)))]
    (doseq [[v x] binding-map] (alter-var-root v (constantly x)))
    (try (func)
         (finally (doseq [[v x] old] (alter-var-root v (constantly x)))))))
(defmacro with-redefs [bindings & body]
  `(with-redefs-fn ~(zipmap (map (fn [v] (list 'var v)) (take-nth 2 bindings)) (take-nth 2 (next bindings)))
     (fn [] ~@body)))
(defmacro with-local-vars [name-vals-vec & body]
  `(let [~@(interleave (take-nth 2 name-vals-vec) (repeat '(lockstep.kernel/local-var nil)))]
     (push-thread-bindings (hash-map ~@name-vals-vec))
     (try ~@body (finally (pop-thread-bindings)))))
(defmacro dosync [& body] `(k/dosync (fn [] ~@body)))
(defmacro sync [flags & body] `(k/dosync (fn [] ~@body)))
(defmacro with-out-str [& body]
  `(let [s# (k/string-writer)]
     (binding [*out* s#]
       ~@body
       (k/writer-text s#))))
(defmacro with-in-str [s & body] `(binding [*in* (k/text-reader ~s)] ~@body))
(defn await [& agents]
  (when *agent* (throw (Exception. "Can't await in agent action")))
  (doseq [a agents] (send a identity)))
(defn await1 [a] (await a) a)
(defn await-for [timeout & agents] (apply await agents) true)
(defn agent-errors [a] (when-let [e (agent-error a)] (list e)))
(defn clear-agent-errors [a] (restart-agent a @a))
(defn set-error-mode! [a mode] (k/agent-mode a (name mode)) nil)
(defn set-error-handler! [a f] (k/agent-handler a f) nil)
(defn shutdown-agents [] nil)
(defn release-pending-sends [] 0)
(defn set-agent-send-executor! [e] nil)
(defn set-agent-send-off-executor! [e] nil)
(def ^:private tap-set (atom #{}))
(defn add-tap [f] (swap! tap-set conj f) nil)
(defn remove-tap [f] (swap! tap-set disj f) nil)
(defn tap> [x]
  (doseq [t @tap-set] (try (t x) (catch Throwable _ nil)))
  true)
(defn promise [] (k/promise))
(defn deliver [p x] (k/deliver p x))
(defn future-call [f] (k/future (bound-fn* f)))
(defmacro future [& body] `(future-call (fn [] ~@body)))
(defn future? [x] (k/future? x))
(defn future-done? [x] (k/future-done? x))
(defn future-cancel [x] (k/future-cancel x))
(defn future-cancelled? [x] (k/future-cancelled? x))

;; Hierarchies and multimethods

(defn make-hierarchy [] {:parents {} :descendants {} :ancestors {}})
(def -global-hierarchy (make-hierarchy))
(defn isa?
  ([child parent] (k/is-a -global-hierarchy child parent))
  ([h child parent] (k/is-a h child parent)))
(defn parents
  ([tag] (parents -global-hierarchy tag))
  ([h tag] (not-empty (let [tp (get (:parents h) tag)]
                        (if (class? tag) (into (or (k/class-parents tag) #{}) tp) tp)))))
(defn bases [c] (when c (seq (k/class-parents c))))
(defn supers [c] (when c (not-empty (k/class-ancestors c))))
(defn ancestors
  ([tag] (ancestors -global-hierarchy tag))
  ([h tag] (not-empty (let [ta (get (:ancestors h) tag)]
                        (if (class? tag)
                          (let [superclasses (set (supers tag))]
                            (reduce into superclasses
                                    (cons ta (map (fn [c] (get (:ancestors h) c)) superclasses))))
                          ta)))))
(defn descendants
  ([tag] (descendants -global-hierarchy tag))
  ([h tag] (if (class? tag)
             (throw (UnsupportedOperationException. "Can't get descendants of classes"))
             (not-empty (get (:descendants h) tag)))))
(defn- check-named [tag parent]
  (when-not (namespace parent)
    (throw (AssertionError. "Assert failed: (namespace parent)")))
  (when-not (or (class? tag) (and (instance? clojure.lang.Named tag) (namespace tag)))
    (throw (AssertionError. "Assert failed: (or (class? tag) (and (instance? clojure.lang.Named tag) (namespace tag)))"))))
(defn derive
  ([tag parent]
   (check-named tag parent)
   (alter-var-root #'-global-hierarchy derive tag parent)
   nil)
  ([h tag parent]
   (when-not (not= tag parent) (throw (AssertionError. "Assert failed: (not= tag parent)")))
   (when-not (or (class? tag) (instance? clojure.lang.Named tag))
     (throw (AssertionError. "Assert failed: (or (class? tag) (instance? clojure.lang.Named tag))")))
   (when-not (instance? clojure.lang.Named parent)
     (throw (AssertionError. "Assert failed: (instance? clojure.lang.Named parent)")))
   (let [tp (:parents h) td (:descendants h) ta (:ancestors h)
         tf (fn [m source sources target targets]
              (reduce (fn [ret k] (assoc ret k (reduce conj (get targets k #{}) (cons target (targets target)))))
                      m (cons source (sources source))))]
     (or
      (when-not (contains? (tp tag) parent)
        (when (contains? (ta tag) parent)
          (throw (Exception. (print-str tag "already has" parent "as ancestor"))))
        (when (contains? (ta parent) tag)
          (throw (Exception. (print-str "Cyclic derivation:" parent "has" tag "as ancestor"))))
        {:parents (assoc tp tag (conj (get tp tag #{}) parent))
         :ancestors (tf ta tag td parent ta)
         :descendants (tf td parent ta tag td)})
      h))))
(defn underive
  ([tag parent] (alter-var-root #'-global-hierarchy underive tag parent) nil)
  ([h tag parent]
   (let [parent-map (:parents h)
         childs-parents (if (parent-map tag) (disj (parent-map tag) parent) #{})
         new-parents (if (not-empty childs-parents) (assoc parent-map tag childs-parents) (dissoc parent-map tag))
         deriv-seq (mapcat (fn [[c ps]] (map (fn [p] [c p]) ps)) (seq new-parents))]
     (if (contains? (parent-map tag) parent)
       (reduce (fn [h [c p]] (derive h c p)) (make-hierarchy) deriv-seq)
       h))))

(defmacro defmulti [mm-name & options]
  (let [docstring (when (string? (first options)) (first options))
        options (if docstring (next options) options)
        m (if (map? (first options)) (first options) {})
        options (if (map? (first options)) (next options) options)
        m (if docstring (assoc m :doc docstring) m)
        dispatch-fn (first options)
        opts (apply hash-map (next options))
        mm-name (with-meta mm-name (merge m (meta mm-name)))]
    (when (vector? (first options)) (throw (IllegalArgumentException. "The syntax for defmulti has changed. Example: (defmulti name dispatch-fn :default dispatch-value)")))
    `(let [v# (def ~mm-name)]
       (when-not (and (bound? v#) (k/is-multi (deref v#)))
         (def ~mm-name (k/multi ~(name mm-name) ~dispatch-fn ~(get opts :default :default) ~(get opts :hierarchy)))))))
(defmacro defmethod [multifn dispatch-val & fn-tail]
  `(k/method-add ~multifn ~dispatch-val (fn ~@fn-tail)))
(defn remove-method [m v] (k/method-remove m v))
(defn remove-all-methods [m] (k/method-remove-all m))
(defn prefer-method [m a b] (k/method-prefer m a b))
(defn methods [m] (k/method-table m))
(defn get-method [m v] (k/method-get m v))
(defn prefers [m] (k/method-preferences m))
(defmulti print-method (fn [x writer] (let [t (get (meta x) :type)] (if (keyword? t) t (class x)))))
(k/method-remove-all print-method)
(defmulti print-dup (fn [x writer] (class x)))
(k/install-print-methods
 "print-method" print-method
 [:default nil Object Number Boolean String Character Class BigDecimal Double Float java.util.regex.Pattern java.util.Date java.util.UUID
  clojure.lang.BigInt clojure.lang.Keyword clojure.lang.Symbol clojure.lang.Var clojure.lang.Namespace clojure.lang.ISeq
  clojure.lang.IPersistentVector clojure.lang.IPersistentMap clojure.lang.IPersistentSet clojure.lang.IRecord clojure.lang.IDeref
  clojure.lang.Fn clojure.lang.TaggedLiteral clojure.lang.ReaderConditional StackTraceElement Throwable
  java.util.Map java.util.List java.util.RandomAccess java.util.Set]
 [[clojure.lang.ISeq clojure.lang.IPersistentCollection] [clojure.lang.ISeq java.util.Collection] [clojure.lang.ISeq java.util.List]
               [clojure.lang.IPersistentVector java.util.List] [clojure.lang.IPersistentVector java.util.RandomAccess] [clojure.lang.IPersistentVector clojure.lang.Fn]
               [clojure.lang.IPersistentMap java.util.Map] [clojure.lang.IPersistentMap clojure.lang.Fn] [clojure.lang.IPersistentSet java.util.Set] [clojure.lang.IPersistentSet clojure.lang.Fn]
               [clojure.lang.IRecord clojure.lang.IPersistentMap] [clojure.lang.IRecord java.util.Map] [clojure.lang.IRecord clojure.lang.IDeref] [java.util.RandomAccess java.util.List]
               [clojure.lang.IDeref java.util.Map] [clojure.lang.Fn clojure.lang.IDeref] [clojure.lang.IPersistentMap clojure.lang.IDeref]])
(k/install-print-methods
 "print-dup" print-dup
 [:default nil Object Number Boolean String Character Class BigDecimal Double Long java.util.regex.Pattern java.util.Date java.util.UUID
  clojure.lang.BigInt clojure.lang.Ratio clojure.lang.Keyword clojure.lang.Symbol clojure.lang.Var clojure.lang.Namespace clojure.lang.ISeq
  clojure.lang.IPersistentList clojure.lang.IPersistentVector clojure.lang.IPersistentMap clojure.lang.IPersistentCollection
  clojure.lang.IRecord clojure.lang.Fn java.util.Map java.util.Collection]
 [[clojure.lang.IPersistentList clojure.lang.ISeq] [clojure.lang.ISeq clojure.lang.IPersistentCollection] [clojure.lang.ISeq java.util.Collection]
               [clojure.lang.IPersistentCollection java.util.Collection] [clojure.lang.IPersistentCollection java.util.Map] [clojure.lang.IPersistentCollection clojure.lang.Fn]
               [clojure.lang.IRecord clojure.lang.IPersistentMap] [clojure.lang.IRecord java.util.Map] [clojure.lang.IRecord clojure.lang.IPersistentCollection]])

;; Protocols and types

(defn- emit-protocol [name opts+sigs]
  (let [doc (when (string? (first opts+sigs)) (first opts+sigs))
        opts+sigs (if doc (next opts+sigs) opts+sigs)
        [opts sigs] (loop [opts {} s opts+sigs]
                      (if (keyword? (first s)) (recur (assoc opts (first s) (second s)) (nnext s)) [opts s]))
        full (str (ns-name *ns*) "/" name)
        sigs (map (fn [s]
                    (let [doc (when (string? (last s)) (last s))
                          arglists (take-while vector? (next s))]
                      (when (empty? arglists)
                        (throw (IllegalArgumentException. (str "Definition of function " (first s) " in protocol " name " must take at least one arg."))))
                      (doseq [a arglists]
                        (when (empty? a)
                          (throw (IllegalArgumentException. (str "Definition of function " (first s) " in protocol " name " must take at least one arg.")))))
                      (when-not (apply distinct? (map count arglists))
                        (throw (IllegalArgumentException. (str "Function " (first s) " in protocol " name " has two arities of one length."))))
                      {:name (first s) :arglists arglists :doc doc}))
                  sigs)]
    (when-let [n (first (map key (filter (fn [e] (< 1 (val e))) (frequencies (map :name sigs)))))]
      (throw (IllegalArgumentException. (str "Function " n " in protocol " name " was redefined. Specify all arities in single definition."))))
    `(do
       (def ~(with-meta name (merge (meta name) (when doc {:doc doc})))
         (k/protocol ~full ~(into {} (map (fn [s] [(clojure.core/name (:name s)) (mapv count (:arglists s))]) sigs))
                      ~(:extend-via-metadata opts)))
       ~@(map (fn [s]
                `(def ~(with-meta (:name s)
                         (merge (meta (:name s)) (when (:doc s) {:doc (:doc s)})
                                {:arglists (list 'quote (:arglists s)) :protocol (list 'var name)}))
                   (k/protocol-function ~name ~(clojure.core/name (:name s)))))
              sigs)
       (k/protocol-map ~name
                       {:on '~(symbol (str (namespace-munge (ns-name *ns*)) "." name))
                        :on-interface ~(symbol (str (namespace-munge (ns-name *ns*)) "." name))
                        :doc ~doc
                        :var (var ~name)
                        :sigs '~(into {} (map (fn [s] [(keyword (clojure.core/name (:name s)))
                                                       {:name (with-meta (:name s) nil) :arglists (:arglists s) :doc (:doc s)}]) sigs))})
       '~name)))
(defn namespace-munge [ns] (clojure.string/replace (str ns) "-" "_"))
(defmacro defprotocol [name & opts+sigs] (emit-protocol name opts+sigs))
(defn extend [atype & proto+mmaps]
  (doseq [[proto mmap] (partition 2 proto+mmaps)]
    (k/extend atype proto mmap)))
(defn- emit-impls [specs]
  (loop [ret [] s (seq specs)]
    (if s
      (recur (conj ret [(first s) (take-while seq? (next s))]) (seq (drop-while seq? (next s))))
      ret)))
(defn- emit-fns [fns]
  (into {} (map (fn [[n group]]
                  [(keyword (name n))
                   (cons `fn (if (and (= 1 (count group)) (vector? (second (first group))))
                               (next (first group))
                               (mapcat (fn [f] (if (vector? (second f)) (list (next f)) (next f))) group)))])
                (group-by first fns))))
(defmacro extend-type [t & specs]
  `(do ~@(map (fn [[p fns]] `(k/extend ~t ~p ~(emit-fns fns))) (emit-impls specs)) nil))
(defmacro extend-protocol [p & specs]
  `(do ~@(map (fn [[t fns]] `(extend-type ~t ~p ~@fns)) (emit-impls specs)) nil))
(defn find-protocol-method [protocol methodk x] (get (find-protocol-impl protocol x) methodk))
(defmacro definterface [name & sigs]
  `(defprotocol ~name ~@(map (fn [[n args]] (list (with-meta n nil) (into ['this] (map (fn [a] (with-meta a nil)) args)))) sigs)))
(defn get-proxy-class [& bases] (k/proxy-class bases))
(defn construct-proxy [c & ctor-args] (k/proxy-instance c))
(defn init-proxy [proxy mappings] (k/proxy-set proxy mappings))
(defn update-proxy [proxy mappings] (k/proxy-set proxy (merge (k/proxy-mappings proxy) mappings)))
(defn proxy-mappings [proxy] (k/proxy-mappings proxy))
(defn proxy-name [super interfaces] (str (namespace-munge (ns-name *ns*)) ".proxy$" (.getName super)))
(defn proxy-call-with-super [call this meth] (k/proxy-without this meth call))
(defmacro proxy [class-and-interfaces args & fs]
  `(init-proxy (construct-proxy (get-proxy-class ~@class-and-interfaces) ~@args)
               ~(into {} (map (fn [f]
                                [(name (first f))
                                 (if (vector? (second f))
                                   `(fn ~(into ['this] (second f)) ~@(nnext f))
                                   `(fn ~@(map (fn [b] `(~(into ['this] (first b)) ~@(next b))) (next f))))])
                              fs))))
(defmacro proxy-super [meth & args]
  `(k/proxy-super ~'this ~(name meth) [~@args]))
(defmacro gen-class [& options])
(defmacro gen-interface [& options])
(defmacro amap [a idx ret expr]
  `(let [a# ~a ~ret (aclone a#)]
     (loop [~idx 0]
       (if (< ~idx (alength a#))
         (do (aset ~ret ~idx ~expr) (recur (inc ~idx)))
         ~ret))))
(defmacro areduce [a idx ret init expr]
  `(let [a# ~a]
     (loop [~idx 0 ~ret ~init]
       (if (< ~idx (alength a#)) (recur (inc ~idx) ~expr) ~ret))))

;; Namespaces

(defmacro import [& specs]
  `(do ~@(mapcat (fn [spec]
                   (let [spec (if (and (seq? spec) (= 'quote (first spec))) (second spec) spec)]
                     (if (symbol? spec)
                       [(list 'import* (name spec))]
                       (map (fn [c] (list 'import* (str (first spec) "." c))) (rest spec)))))
                 specs)))
(defn refer [ns-sym & filters]
  (when-not (find-ns ns-sym) (throw (Exception. (str "No namespace: " ns-sym))))
  (let [fs (apply hash-map filters)
        only (:only fs) exclude (set (:exclude fs)) rename (or (:rename fs) {})]
    (if (and (= ns-sym 'clojure.core) (nil? only))
      (k/refer-core (:exclude fs) nil (:rename fs))
      (doseq [sym (or only (keys (ns-publics ns-sym)))]
        (when-not (exclude sym)
          (k/refer-var ns-sym (get rename sym sym) sym))))
    nil))
(defmacro refer-clojure [& filters]
  (let [fs (apply hash-map filters)]
    `(k/refer-core '~(:exclude fs) '~(:only fs) '~(:rename fs))))
(defn- load-lib [prefix lib opts]
  (let [lib (if prefix (symbol (str prefix "." lib)) lib)
        {:keys [as reload reload-all require use as-alias]} opts
        filters (select-keys opts [:exclude :only :rename :refer])]
    (if (and as-alias (not as) (not (:refer opts)))
      (do (create-ns lib) (alias as-alias lib))
      (do
        (k/load-library lib reload reload-all)
        (when as (alias as lib))
        (when as-alias (alias as-alias lib))
        (cond
          (= :all (:refer opts)) (apply refer lib (mapcat identity (select-keys opts [:exclude :rename])))
          (:refer opts) (apply refer lib :only (:refer opts) (mapcat identity (select-keys opts [:exclude :rename])))
          use (apply refer lib (mapcat identity (select-keys opts [:exclude :only :rename]))))))))
(defn- load-libs [use? args]
  (let [flags (set (filter keyword? args))
        flag-opts (zipmap flags (repeat true))]
    (doseq [arg (remove keyword? args)]
      (let [libspec? (fn [x] (or (symbol? x) (and (vector? x) (or (nil? (second x)) (keyword? (second x))))))
            go (fn [prefix spec]
                 (if (symbol? spec)
                   (load-lib prefix spec (assoc flag-opts :use use?))
                   (load-lib prefix (first spec) (merge flag-opts {:use use?} (apply hash-map (next spec))))))]
        (if (libspec? arg)
          (go nil arg)
          (doseq [spec (next arg)] (go (first arg) spec)))))))
(defn require [& args] (load-libs false args))
(defn use [& args] (load-libs true args))
(defn requiring-resolve [sym]
  (or (resolve sym) (do (require (symbol (namespace sym))) (resolve sym))))
(defn- libspec? [x]
  (or (symbol? x)
      (and (vector? x) (symbol? (first x)) (or (nil? (next x)) (keyword? (second x))))))
(defn- ns-argument? [kname a]
  (case kname
    (:require :use) (or (keyword? a) (libspec? a)
                        (and (sequential? a) (symbol? (first a)) (every? libspec? (rest a))))
    :import (or (symbol? a) (and (sequential? a) (every? symbol? a)))
    true))
(defn- check-ns [name references]
  (let [clauses (drop-while (fn [r] (or (string? r) (map? r))) references)
        bad (cond
              (not (symbol? name)) [name]
              :else (remove (fn [c] (and (seq? c)
                                         (#{:require :use :import :refer-clojure :load :gen-class :refer} (first c))
                                         (every? (fn [a] (ns-argument? (first c) a)) (rest c))))
                            clauses))]
    (when (seq bad)
      (throw (ex-info "Call to clojure.core/ns did not conform to spec." {:clojure.spec.alpha/value (cons name references)
                                                                            :clojure.spec.alpha/problems (vec bad)})))))
(defmacro ns [name & references]
  (check-ns name references)
  (let [docstring (when (string? (first references)) (first references))
        references (if docstring (next references) references)
        metadata (when (map? (first references)) (first references))
        references (if metadata (next references) references)
        full (merge (meta name) metadata (when docstring {:doc docstring}))
        clause (fn [[kname & args]]
                 (cond
                   (= kname :gen-class) nil
                   (= kname :import) `(import ~@args)
                   :else `(~(symbol "clojure.core" (clojure.core/name kname))
                           ~@(if (= kname :refer-clojure) args (map (fn [a] (list 'quote a)) args)))))]
    `(do
       (in-ns '~(with-meta name nil))
       ~@(when (seq full) [`(reset-meta! (find-ns '~(with-meta name nil)) ~full)])
       ~@(when-not (some (fn [r] (= :refer-clojure (first r))) references) [`(k/refer-core nil nil nil)])
       ~@(remove nil? (map clause references))
       (k/mark-loaded '~(with-meta name nil))
       nil)))
(defn load-reader [rdr] (load-string (slurp rdr)))
(defn load-file [name] (load-string (slurp name)))
(defn compile [lib] lib)
(defn load [& paths] (doseq [path paths] (k/load-path path)))
(defn macroexpand [form]
  (let [ex (macroexpand-1 form)]
    (if (identical? ex form) form (macroexpand ex))))
(defn test [v] (if-let [f (:test (meta v))] (do (f) :ok) :no-test))
(def *clojure-version* {:major 1 :minor 11 :incremental 1 :qualifier nil})
(defn clojure-version [] "1.11.1")
(defn print-ctor [o print-args w]
  (.write w (str "#=(" (.getName (class o)) ". "))
  (print-args o w)
  (.write w ")"))
(defn printf [fmt & args] (print (apply format fmt args)))
(defn ex-root [e] (if-let [c (ex-cause e)] (recur c) e))
(defn Throwable->map [o]
  (let [via (loop [via [] t o] (if t (recur (conj via t) (ex-cause t)) via))
        root (peek via)
        base (fn [t] (merge {:type (symbol (.getName (class t)))}
                            (when-let [m (ex-message t)] {:message m})
                            (when-let [d (ex-data t)] {:data d})
                            {:at nil}))]
    (merge {:via (mapv base via) :trace []}
           (when-let [m (ex-message root)] {:cause m})
           (when-let [d (ex-data root)] {:data d}))))
(defn bean [x] {})
(defn cast [c x]
  (if (or (nil? x) (instance? c x))
    x
    (throw (ClassCastException. (str "Cannot cast " (.getName (class x)) " to " (.getName c))))))
(defn bytes [x] x)
(defn spit [f content & options] (throw (UnsupportedOperationException. "spit")))
(defn file-seq [dir] (list dir))
(defmacro with-precision [precision & exprs]
  (let [[body rm] (if (= (first exprs) :rounding)
                    [(next (next exprs)) (name (second exprs))]
                    [exprs "HALF_UP"])]
    `(let [precision# ~precision]
       (binding [*math-context* [precision# ~rm]] (k/with-math-context precision# ~rm (fn [] ~@body))))))
(def char-escape-string {\newline "\\n" \tab "\\t" \return "\\r" \" "\\\"" \\ "\\\\" \formfeed "\\f" \backspace "\\b"})
(def char-name-string {\newline "newline" \tab "tab" \space "space" \backspace "backspace" \formfeed "formfeed" \return "return"})
(def unquote)
(def unquote-splicing)
(def default-data-readers {'inst (fn [s] (read-string (str "#inst " (pr-str s)))) 'uuid parse-uuid})
(defmacro definline [name & decl]
  (let [[pre-args [args expr]] (split-with (comp not vector?) decl)]
    `(do
       (defn ~name ~@pre-args ~args ~(apply (eval (list `fn args expr)) args))
       (alter-meta! (var ~name) assoc :inline (fn ~name ~args ~expr))
       (var ~name))))
(defn stream-seq! [s] (seq s))
(defn splitv-at [n coll] [(vec (take n coll)) (drop n coll)])
