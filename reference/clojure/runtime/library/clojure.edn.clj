;; clojure.edn
(ns clojure.edn)
(defn read-string
  ([s] (lockstep.kernel/edn-read-string {:eof nil} s))
  ([opts s] (lockstep.kernel/edn-read-string opts s)))
(defn read
  ([] (lockstep.kernel/edn-read {} *in*))
  ([stream] (lockstep.kernel/edn-read {} stream))
  ([opts stream] (lockstep.kernel/edn-read opts stream)))
