;; clojure.stacktrace
(ns clojure.stacktrace)
(defn root-cause [tr] (if-let [cause (ex-cause tr)] (recur cause) tr))
(defn print-trace-element [e] (print e))
(defn print-throwable [tr]
  (print (str (.getName (class tr)) ": " (ex-message tr)))
  (when-let [info (ex-data tr)] (newline) (pr info)))
(defn print-stack-trace ([tr] (print-throwable tr) (newline)) ([tr n] (print-throwable tr) (newline)))
(defn print-cause-trace
  ([tr] (print-cause-trace tr nil))
  ([tr n]
   (print-stack-trace tr n)
   (when-let [cause (ex-cause tr)] (print "Caused by: ") (recur cause n))))
(defn e [] (print-stack-trace (root-cause *e) 8))
