;; sci.core: nested environments of this engine behind SCI's API. `s/` is the bridge.
(ns sci.core
  (:refer-clojure :exclude [binding with-bindings with-out-str with-in-str with-redefs future pmap intern
                            create-ns find-ns ns-name resolve eval set! alter-var-root all-ns]))

(clojure.core/alias 's 'lockstep.sci)

(def out (s/new-var '*out* nil nil true))
(def err (s/new-var '*err* nil nil true))
(def in (s/new-var '*in* nil nil true))
(def ns (s/new-var '*ns* nil nil true))
(def file (s/new-var '*file* nil nil true))
(def print-length (s/new-var '*print-length* nil nil true))
(def print-level (s/new-var '*print-level* nil nil true))
(def print-meta (s/new-var '*print-meta* nil nil true))
(def print-readably (s/new-var '*print-readably* nil nil true))
(def print-dup (s/new-var '*print-dup* nil nil true))
(def print-namespace-maps (s/new-var '*print-namespace-maps* nil nil true))
(def print-newline (s/new-var '*print-newline* nil nil true))
(def read-eval (s/new-var '*read-eval* nil nil true))
(def assert (s/new-var '*assert* nil nil true))
(def *1 (s/new-var '*1 nil nil true))
(def *2 (s/new-var '*2 nil nil true))
(def *3 (s/new-var '*3 nil nil true))
(def *e (s/new-var '*e nil nil true))

(defn init [opts] (s/init opts))
(defn fork [ctx] (s/fork ctx))
(defn merge-opts [ctx opts] (s/merge-opts ctx opts))
(defn eval-string*
  ([ctx s] (s/eval-string ctx s nil))
  ([ctx s opts] (s/eval-string ctx s (:ns opts))))
(defn eval-string
  ([s] (eval-string s nil))
  ([s opts] (s/eval-string (if-let [env (:env opts)]
                             (if-let [ctx @env] ctx (reset! env (s/init opts)))
                             (s/init opts))
                           s nil)))
(defn eval-string+
  ([ctx s] (eval-string+ ctx s nil))
  ([ctx s opts] {:val (s/eval-string ctx s (:ns opts)) :ns (:ns opts)}))
(defn eval-form [ctx form] (s/eval-form ctx form))
(defn parse-next
  ([ctx reader] (s/parse-next ctx reader))
  ([ctx reader opts] (s/parse-next ctx reader)))
(defn parse-next+string
  ([ctx reader] (parse-next+string ctx reader nil))
  ([ctx reader opts] (let [form (s/parse-next ctx reader)] [form (clojure.string/trim (pr-str form))])))
(defn parse-string [ctx s] (s/parse-next ctx (java.io.StringReader. s)))
(defn reader [x] (if (string? x) (java.io.StringReader. x) x))
(defn source-reader [x] (reader x))
(defn get-line-number [reader] 1)
(defn get-column-number [reader] 1)
(defn create-ns ([sym] (s/create-ns sym)) ([sym meta] (s/create-ns sym meta)))
(defn new-var
  ([sym] (s/new-var sym nil nil false))
  ([sym v] (s/new-var sym v nil false))
  ([sym v meta] (s/new-var sym v meta false)))
(defn new-dynamic-var
  ([sym] (s/new-var sym nil nil true))
  ([sym v] (s/new-var sym v nil true))
  ([sym v meta] (s/new-var sym v meta true)))
(defn new-macro-var
  ([sym v] (s/new-var sym v {:macro true} false))
  ([sym v meta] (s/new-var sym v (assoc meta :macro true) false)))
(defn copy-var* [v ns]
  (let [m (meta v)
        nm (or (:name m) (symbol (name (symbol v))))]
    (s/new-var nm @v (assoc (dissoc m :ns) :ns ns :name nm :macro (boolean (or (:macro m) (:sci/macro m) (lockstep.kernel/macro-var? v)))) (:dynamic m false))))
(defmacro copy-var
  ([sym ns] `(copy-var* (var ~sym) ~ns))
  ([sym ns opts] `(copy-var* (var ~sym) ~ns)))
(defmacro copy-ns
  ([ns-sym sci-ns] `(copy-ns ~ns-sym ~sci-ns nil))
  ([ns-sym sci-ns opts]
   `(let [opts# '~opts
          exclude# (set (:exclude opts#))
          skip# (set (or (:exclude-when-meta opts#) [:no-doc :skip-wiki]))]
      (into {} (for [[nm# v#] (ns-publics '~ns-sym)
                     :when (not (or (exclude# nm#) (some skip# (keys (meta v#)))))]
                 [nm# (copy-var* v# ~sci-ns)])))))
(defmacro binding [bindings & body] `(with-bindings* (hash-map ~@bindings) (fn [] ~@body)))
(defmacro with-bindings [m & body] `(clojure.core/with-bindings ~m ~@body))
(defmacro with-redefs [bindings & body] `(clojure.core/with-redefs ~bindings ~@body))
(defmacro with-out-str [& body]
  `(let [w# (lockstep.sci/string-writer)]
     (with-bindings* (hash-map out w#) (fn [] ~@body (str w#)))))
(defmacro with-in-str [s & body] `(with-bindings* (hash-map in (java.io.StringReader. ~s)) (fn [] ~@body)))
(defmacro future [& body] `(clojure.core/future ~@body))
(defn pmap [f & colls] (apply map f colls))
(defn alter-var-root [v f & args] (apply clojure.core/alter-var-root v f args))
(defn set! [v x] (var-set v x))
(defn intern ([ctx ns nm] (s/intern ctx ns nm nil)) ([ctx ns nm v] (s/intern ctx ns nm v)))
(defn find-ns [ctx sym] (s/find-ns ctx sym))
(defn resolve [ctx sym] (s/resolve ctx sym))
(defn ns-name [ns] (clojure.core/ns-name ns))
(defn var->symbol [v] (symbol v))
(defn enable-unrestricted-access! [] nil)
(defn add-class! [ctx nm c] (merge-opts ctx {:classes {nm c}}))
(defn add-import! [ctx ns-sym class-sym alias] ctx)
(defn add-namespace! [ctx nm m] (merge-opts ctx {:namespaces {nm m}}))
(defn stacktrace [e] (seq (:sci.impl/callstack (ex-data e))))
(defn format-stacktrace [st]
  (let [rows (map (fn [{:keys [ns name file line column]}]
                    [(str ns (when name (str "/" name))) (str (or file (when line "NO_SOURCE_PATH")) ":" line ":" column)]) st)
        width (apply max 0 (map (comp count first) rows))]
    (mapv (fn [[n place]] (str n (apply str (repeat (- width (count n)) " ")) " - " place)) rows)))
(def cljs-ns-public nil)
