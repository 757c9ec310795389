;; JVM Clojure as an outside engine: speaks the worker protocol, runs each program in a namespace of its own.
;; JSON is read and written here, since Clojure itself ships none.
(ns lockstep.clojure-jvm
  (:import (java.io BufferedReader File InputStreamReader PushbackReader StringReader StringWriter)
           (java.net URL URLClassLoader)
           (clojure.lang Compiler$CompilerException DynamicClassLoader LineNumberingPushbackReader MultiFn RT)))

(declare read-value)

(defn- next-char [^PushbackReader in]
  (let [code (.read in)] (if (neg? code) (throw (ex-info "truncated JSON" {})) (char code))))

(defn- skip-space [^PushbackReader in]
  (loop []
    (let [code (.read in)]
      (cond (neg? code) nil
            (Character/isWhitespace (int code)) (recur)
            :else (.unread in code)))))

(defn- read-text [^PushbackReader in]
  (let [text (StringBuilder.)]
    (loop []
      (let [c (next-char in)]
        (case c
          \" (str text)
          \\ (let [escape (next-char in)]
               (.append text
                        (case escape
                          \n \newline \t \tab \r \return \b \backspace \f \formfeed
                          \u (char (Integer/parseInt (apply str (repeatedly 4 #(next-char in))) 16))
                          escape))
               (recur))
          (do (.append text c) (recur)))))))

(defn- read-sequence [^PushbackReader in end read-item]
  (loop [items []]
    (skip-space in)
    (let [c (next-char in)]
      (cond (= c end) items
            (= c \,) (recur items)
            :else (do (.unread in (int c)) (recur (conj items (read-item in))))))))

(defn- read-entry [^PushbackReader in]
  (next-char in)
  (let [name (read-text in)]
    (skip-space in)
    (next-char in)
    [(keyword name) (read-value in)]))

(defn- read-word [^PushbackReader in]
  (let [text (StringBuilder.)]
    (loop []
      (let [code (.read in)]
        (if (or (neg? code) (contains? #{\, \] \}} (char code)) (Character/isWhitespace (int code)))
          (when-not (neg? code) (.unread in code))
          (do (.append text (char code)) (recur)))))
    (case (str text) "true" true "false" false "null" nil (Double/parseDouble (str text)))))

(defn- read-value [^PushbackReader in]
  (skip-space in)
  (let [c (next-char in)]
    (case c
      \" (read-text in)
      \{ (into {} (read-sequence in \} read-entry))
      \[ (read-sequence in \] read-value)
      (do (.unread in (int c)) (read-word in)))))

(defn- json-text [^String text]
  (let [out (StringBuilder. "\"")]
    (doseq [c text]
      (cond (= c \") (.append out "\\\"")
            (= c \\) (.append out "\\\\")
            (or (< (int c) 32) (> (int c) 126)) (.append out (format "\\u%04x" (int c)))
            :else (.append out c)))
    (str (.append out "\""))))

(defn- json [value]
  (cond (nil? value) "null"
        (map? value) (str "{" (apply str (interpose "," (for [[k v] value] (str (json-text (name k)) ":" (json v))))) "}")
        (string? value) (json-text value)
        (sequential? value) (str "[" (apply str (interpose "," (map json value))) "]")
        :else (str value)))

(defn- root-cause [^Throwable error]
  (if-let [cause (.getCause error)] (recur cause) error))

(def ^:private phases
  {:read-source "parse" :macro-syntax-check "macroexpand" :macroexpansion "macroexpand"
   :compile-syntax-check "analysis" :compilation "analysis" :execution "eval"})

(defn- failure [^Throwable error]
  (let [data (when (instance? Compiler$CompilerException error) (ex-data error))
        cause (root-cause error)]
    (cond-> {:completion "threw"
             :phase (get phases (:clojure.error/phase data) "eval")
             :error (.getSimpleName (class cause))
             :message (str (.getMessage cause))}
      (:clojure.error/line data)
      (assoc :location {:file (str (:clojure.error/source data)) :line (:clojure.error/line data)
                        :column (or (:clojure.error/column data) 0)}))))

(defn- evaluate [source file]
  (let [in (LineNumberingPushbackReader. (StringReader. source))
        done (Object.)
        elapsed (volatile! 0)]
    (binding [*ns* (create-ns (gensym "user")) *file* file]
      (refer 'clojure.core)
      (let [started (System/nanoTime)]
        (loop []
          (let [form (try (read {:eof done :read-cond :allow} in)
                          (catch Exception error
                            (throw (Compiler$CompilerException.
                                    file (.getLineNumber in) (.getColumnNumber in) nil
                                    Compiler$CompilerException/PHASE_READ error))))]
            (when-not (identical? form done)
              (eval form)
              (recur))))
        (vreset! elapsed (/ (- (System/nanoTime) started) 1e6))))
    @elapsed))

(defn- with-roots [roots f]
  (let [thread (Thread/currentThread)
        before (.getContextClassLoader thread)
        urls (into-array URL (map #(.toURL (.toURI (File. ^String %))) roots))
        loader (DynamicClassLoader. (URLClassLoader. urls before))]
    (.setContextClassLoader thread loader)
    (try (with-bindings {clojure.lang.Compiler/LOADER loader} (f))
         (finally (.setContextClassLoader thread before)))))

;; What a program leaves in the process would be seen by the next one.
(def ^:private ^java.util.Map classes-by-name
  (.get (doto (.getDeclaredField DynamicClassLoader "classCache") (.setAccessible true)) nil))

(def ^:private open-multimethods [print-method print-dup])

(defn- shared-state []
  {:namespaces (set (map ns-name (all-ns)))
   :classes (set (keys classes-by-name))
   :hierarchy @#'clojure.core/global-hierarchy
   :methods (into {} (for [multi open-multimethods] [multi (methods multi)]))})

(defn- shipped?
  "Whether a namespace is a library of Clojure itself, which stays loaded."
  [name]
  (let [path (.. (munge (str name)) (replace \. \/))]
    (some #(.getResource (ClassLoader/getSystemClassLoader) (str path %)) [".clj" ".cljc" "__init.class"])))

(defn- restore-shared-state [{:keys [namespaces classes hierarchy methods]}]
  (let [made (remove #(or (namespaces %) (shipped? %)) (map ns-name (all-ns)))]
    (run! remove-ns made)
    (dosync (alter @#'clojure.core/*loaded-libs* #(reduce disj % made))))
  (run! #(.remove classes-by-name %) (remove classes (keys classes-by-name)))
  (alter-var-root #'clojure.core/global-hierarchy (constantly hierarchy))
  (doseq [[^MultiFn multi before] methods
          dispatch (keys (clojure.core/methods multi))]
    (if-let [method (get before dispatch)]
      (.addMethod multi dispatch method)
      (.removeMethod multi dispatch))))

(defn- run-here [message]
  (let [out (StringWriter.)
        ended (binding [*out* out *err* out *command-line-args* (:arguments message)
                        clojure.core/*data-readers* {} *warn-on-reflection* false *math-context* nil
                        *unchecked-math* false *print-length* nil]
                (try
                  (with-roots (:roots message)
                    #(hash-map :completion "completed" :ms (evaluate (:source message) (:name message))))
                  (catch Throwable error (failure error))))]
    (flush)
    (merge {:type "outcome" :id (long (:id message)) :output (str out)} ended)))

;; A thread of its own: deep recursion gets a large stack, and a case that does not end can be left behind.
(defn- run [message]
  (let [answer (promise)
        before (shared-state)
        body (bound-fn [] (deliver answer (run-here message)))
        thread (doto (Thread. nil body "guest" (* 64 1024 1024)) (.setDaemon true) (.start))
        seconds (get-in message [:limits :seconds])
        found (if seconds (deref answer (long (* 1000 seconds)) nil) @answer)]
    (restore-shared-state before)
    (or found
        (do (.interrupt thread)
            {:type "outcome" :id (long (:id message)) :completion "timeout" :reason "time"
             :message "time limit reached" :output ""}))))

(let [replies System/out
      requests (BufferedReader. (InputStreamReader. System/in "UTF-8"))]
  (System/setOut System/err)
  ;; A thread that a guest starts by itself sees the roots: what it prints must not stand between our answers.
  (alter-var-root #'*out* (constantly (java.io.OutputStreamWriter. System/err "UTF-8")))
  (loop []
    (when-let [line (.readLine requests)]
      (let [message (read-value (PushbackReader. (StringReader. line)))
            reply #(do (.println replies ^String (json %)) (.flush replies))
            host (str "Clojure " (clojure-version) " on Java " (System/getProperty "java.version"))]
        (case (:type message)
          "start" (reply {:type "ready" :version 1 :engine "clojure-jvm" :language "clojure"
                          :implementation host :host host})
          "run" (reply (run message))
          "inventory" (reply {:type "inventory" :id (long (:id message)) :names {}})
          nil)
        (when-not (= "stop" (:type message)) (recur)))))
  (System/exit 0))
