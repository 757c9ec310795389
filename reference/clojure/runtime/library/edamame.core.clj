;; edamame.core: SCI's reader, as far as its users call it, over this engine's reader.
(ns edamame.core)
(defn parse-string ([s] (parse-string s nil)) ([s opts] (lockstep.sci/parse-string s opts false)))
(defn parse-string-all ([s] (parse-string-all s nil)) ([s opts] (lockstep.sci/parse-string s opts true)))
(defn reader [x] (if (string? x) (java.io.StringReader. x) x))
(defn source-reader [x] (reader x))
(defn normalize-opts [opts] opts)
