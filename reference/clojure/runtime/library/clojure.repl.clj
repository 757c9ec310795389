;; clojure.repl
(ns clojure.repl
  (:require [clojure.string :as string]))
(defn source-fn [x] nil)
(defmacro source [n] `(println (or (source-fn '~n) "Source not found")))
(defn apropos [str-or-pattern]
  (let [matches? (if (instance? java.util.regex.Pattern str-or-pattern)
                   (fn [s] (re-find str-or-pattern (str s)))
                   (fn [s] (string/includes? (str s) (str str-or-pattern))))]
    (sort (mapcat (fn [ns]
                    (let [ns-name (str (ns-name ns))]
                      (map (fn [n] (symbol ns-name (str n))) (filter matches? (keys (ns-publics ns))))))
                  (all-ns)))))
(defn dir-fn [ns] (sort (map first (ns-publics (the-ns ns)))))
(defmacro dir [nsname] `(doseq [v# (dir-fn '~nsname)] (println v#)))
(defn root-cause [t] (loop [cause t] (if-let [c (ex-cause cause)] (recur c) cause)))
(defn demunge [fn-name] (string/replace (string/replace fn-name "_" "-") "$" "/"))
(defn stack-element-str [el] (str el))
(defn pst
  ([] (pst *e))
  ([e] (println (str (.getSimpleName (class e)) " " (ex-message e))))
  ([e depth] (pst e)))
(defn print-doc [v]
  (let [m (meta v)]
    (println "-------------------------")
    (println (str (ns-name (lockstep.kernel/var-namespace v)) "/" (name (symbol v))))
    (when-let [a (:arglists m)] (prn a))
    (when (or (:macro m) (lockstep.kernel/macro-var? v)) (println "Macro"))
    (when-let [d (:doc m)] (println " " d))))
(defmacro doc [name]
  (if (find-ns name)
    `(do (println "-------------------------") (println '~name) (println " " (:doc (meta (find-ns '~name)))))
    `(when-let [v# (resolve '~name)] (if (var? v#) (print-doc v#) nil))))
(defn find-doc [re-string-or-pattern]
  (let [re (re-pattern re-string-or-pattern)]
    (doseq [ns (all-ns) v (vals (ns-publics ns)) :when (and (:doc (meta v)) (re-find re (:doc (meta v))))]
      (print-doc v))))
