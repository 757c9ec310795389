;; clojure.test: assertions, reports, fixtures, running. The extension points are the usual ones: assert-expr,
;; report, do-report, *report-counters*.
(ns clojure.test
  (:require [clojure.template :as temp]
            [clojure.string :as string]
            [clojure.stacktrace :as stack]))

(def ^:dynamic *load-tests* true)
(def ^:dynamic *stack-trace-depth* nil)
(def ^:dynamic *report-counters* nil)
(def ^:dynamic *initial-report-counters* {:test 0 :pass 0 :fail 0 :error 0})
(def ^:dynamic *testing-vars* (list))
(def ^:dynamic *testing-contexts* (list))
(def ^:dynamic *test-out* *out*)

(defmacro with-test-out [& body]
  `(binding [*out* *test-out*] ~@body))

(defn file-position [n] ["NO_SOURCE_FILE" 0])

(defn testing-vars-str [m]
  (let [{:keys [file line]} m]
    (str (reverse (map #(:name (meta %)) *testing-vars*)) " (" file ":" line ")")))

(defn testing-contexts-str []
  (apply str (interpose " " (reverse *testing-contexts*))))

(defn inc-report-counter [name]
  (when *report-counters*
    (if (instance? clojure.lang.Atom *report-counters*)
      (swap! *report-counters* update name (fnil inc 0))
      (dosync (commute *report-counters* update name (fnil inc 0))))))

(defmulti report :type)

(defn do-report [m]
  (report (case (:type m)
            :fail (merge {:file "" :line 0} m)
            :error (merge {:file "" :line 0} m)
            m)))

(defmethod report :default [m] (with-test-out (prn m)))
(defmethod report :pass [m] (with-test-out (inc-report-counter :pass)))
(defmethod report :fail [m]
  (with-test-out
    (inc-report-counter :fail)
    (println "\nFAIL in" (testing-vars-str m))
    (when (seq *testing-contexts*) (println (testing-contexts-str)))
    (when-let [message (:message m)] (println message))
    (println "expected:" (pr-str (:expected m)))
    (println "  actual:" (pr-str (:actual m)))))
(defmethod report :error [m]
  (with-test-out
    (inc-report-counter :error)
    (println "\nERROR in" (testing-vars-str m))
    (when (seq *testing-contexts*) (println (testing-contexts-str)))
    (when-let [message (:message m)] (println message))
    (println "expected:" (pr-str (:expected m)))
    (print "  actual: ")
    (let [actual (:actual m)]
      (if (instance? Throwable actual)
        (println (str actual))
        (prn actual)))))
(defmethod report :summary [m]
  (with-test-out
    (println "\nRan" (:test m) "tests containing" (+ (:pass m) (:fail m) (:error m)) "assertions.")
    (println (:fail m) "failures," (:error m) "errors.")))
(defmethod report :begin-test-ns [m]
  (with-test-out (println "\nTesting" (ns-name (:ns m)))))
(defmethod report :end-test-ns [m])
(defmethod report :begin-test-var [m])
(defmethod report :end-test-var [m])

(defn get-possibly-unbound-var [v]
  (try (var-get v) (catch IllegalStateException e nil)))

(defn function? [x]
  (if (symbol? x)
    (when-let [v (resolve x)]
      (when-let [value (and (var? v) (get-possibly-unbound-var v))]
        (and (fn? value) (not (:macro (meta v))) (not (lockstep.kernel/macro-var? v)))))
    (fn? x)))

(defn assert-predicate [msg form]
  (let [args (rest form) pred (first form)]
    `(let [values# (list ~@args)
           result# (apply ~pred values#)]
       (if result#
         (do-report {:type :pass :message ~msg :expected '~form :actual (cons ~pred values#)})
         (do-report {:type :fail :message ~msg :expected '~form :actual (list '~'not (cons '~pred values#))}))
       result#)))

(defn assert-any [msg form]
  `(let [value# ~form]
     (if value#
       (do-report {:type :pass :message ~msg :expected '~form :actual value#})
       (do-report {:type :fail :message ~msg :expected '~form :actual value#}))
     value#))

(defmulti assert-expr
  (fn [msg form]
    (cond
      (nil? form) :always-fail
      (seq? form) (first form)
      :else :default)))
(defmethod assert-expr :always-fail [msg form]
  `(do-report {:type :fail :message ~msg}))
(defmethod assert-expr :default [msg form]
  (if (and (sequential? form) (function? (first form)))
    (assert-predicate msg form)
    (assert-any msg form)))
(defmethod assert-expr 'instance? [msg form]
  `(let [klass# ~(nth form 1)
         object# ~(nth form 2)]
     (let [result# (instance? klass# object#)]
       (if result#
         (do-report {:type :pass :message ~msg :expected '~form :actual (class object#)})
         (do-report {:type :fail :message ~msg :expected '~form :actual (class object#)}))
       result#)))
(defmethod assert-expr 'thrown? [msg form]
  (let [klass (second form) body (nthnext form 2)]
    `(try ~@body
          (do-report {:type :fail :message ~msg :expected '~form :actual nil})
          (catch ~klass e#
            (do-report {:type :pass :message ~msg :expected '~form :actual e#})
            e#))))
(defmethod assert-expr 'thrown-with-msg? [msg form]
  (let [klass (nth form 1) re (nth form 2) body (nthnext form 3)]
    `(try ~@body
          (do-report {:type :fail :message ~msg :expected '~form :actual nil})
          (catch ~klass e#
            (let [m# (ex-message e#)]
              (if (and m# (re-find ~re m#))
                (do-report {:type :pass :message ~msg :expected '~form :actual e#})
                (do-report {:type :fail :message ~msg :expected '~form :actual e#})))
            e#))))

(defmacro try-expr [msg form]
  `(try ~(assert-expr msg form)
        (catch Throwable t#
          (do-report {:type :error :message ~msg :expected '~form :actual t#}))))

(defmacro is
  ([form] (with-meta `(is ~form nil) (meta &form)))
  ([form msg]
   (let [line (:line (meta &form))]
     `(try ~(assert-expr msg form)
           (catch Throwable t#
             (do-report {:type :error :message ~msg :expected '~form :actual t# :line ~line :file *file*}))))))

(defmacro are [argv expr & args]
  (if (or (and (empty? argv) (empty? args))
          (and (pos? (count argv)) (pos? (count args)) (zero? (mod (count args) (count argv)))))
    `(temp/do-template ~argv (is ~expr) ~@args)
    (throw (IllegalArgumentException. "The number of args doesn't match are's argv."))))

(defmacro testing [string & body]
  `(binding [*testing-contexts* (conj *testing-contexts* ~string)] ~@body))

(defmacro with-test [definition & body]
  (if *load-tests*
    `(doto ~definition (alter-meta! assoc :test (fn [] ~@body)))
    definition))
(defmacro deftest [name & body]
  (when *load-tests*
    `(def ~(vary-meta name assoc :test `(fn [] ~@body))
       (fn [] (test-var (var ~name))))))
(defmacro deftest- [name & body]
  (when *load-tests*
    `(def ~(vary-meta name assoc :test `(fn [] ~@body) :private true)
       (fn [] (test-var (var ~name))))))
(defmacro set-test [name & body]
  (when *load-tests* `(alter-meta! (var ~name) assoc :test (fn [] ~@body))))

(defn- add-ns-meta [key coll] (alter-meta! *ns* assoc key coll))
(defmulti use-fixtures (fn [fixture-type & args] fixture-type))
(defmethod use-fixtures :each [fixture-type & args] (add-ns-meta ::each-fixtures args))
(defmethod use-fixtures :once [fixture-type & args] (add-ns-meta ::once-fixtures args))
(defn- default-fixture [f] (f))
(defn compose-fixtures [f1 f2] (fn [g] (f1 (fn [] (f2 g)))))
(defn join-fixtures [fixtures] (reduce compose-fixtures default-fixture fixtures))

(defn test-var [v]
  (when-let [t (:test (meta v))]
    (binding [*testing-vars* (conj *testing-vars* v)]
      (do-report {:type :begin-test-var :var v})
      (inc-report-counter :test)
      (try (t)
           (catch Throwable e
             (do-report {:type :error :message "Uncaught exception, not in assertion."
                         :expected nil :actual e})))
      (do-report {:type :end-test-var :var v}))))
(defn test-vars [vars]
  (doseq [[ns vars] (group-by (comp :ns meta) (map (fn [v] v) vars))]
    (let [ns (or ns (lockstep.kernel/var-namespace (first vars)))
          once-fixture-fn (join-fixtures (::once-fixtures (meta ns)))
          each-fixture-fn (join-fixtures (::each-fixtures (meta ns)))]
      (once-fixture-fn
       (fn []
         (doseq [v vars]
           (when (:test (meta v))
             (each-fixture-fn (fn [] (test-var v))))))))))
(defn test-all-vars [ns]
  (test-vars (sort-by (fn [v] (or (:line (meta v)) 0)) (vals (ns-interns ns)))))
(defn test-ns [ns]
  (binding [*report-counters* (ref *initial-report-counters*)]
    (let [ns-obj (the-ns ns)]
      (do-report {:type :begin-test-ns :ns ns-obj})
      (if-let [v (find-var (symbol (str (ns-name ns-obj)) "test-ns-hook"))]
        ((var-get v))
        (test-all-vars ns-obj))
      (do-report {:type :end-test-ns :ns ns-obj}))
    @*report-counters*))
(defn run-tests
  ([] (run-tests *ns*))
  ([& namespaces]
   (let [summary (assoc (apply merge-with + (map test-ns namespaces)) :type :summary)]
     (do-report summary)
     summary)))
(defn run-all-tests
  ([] (apply run-tests (all-ns)))
  ([re] (apply run-tests (filter (fn [n] (re-matches re (name (ns-name n)))) (all-ns)))))
(defn successful? [summary]
  (and (zero? (:fail summary 0)) (zero? (:error summary 0))))
(defn run-test-var [v]
  (binding [*report-counters* (ref *initial-report-counters*)]
    (test-vars [v])
    (let [summary (assoc @*report-counters* :type :summary)]
      (do-report summary)
      summary)))
(defmacro run-test [test-symbol] `(run-test-var (var ~test-symbol)))
