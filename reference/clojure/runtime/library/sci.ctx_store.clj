;; sci.ctx-store
(ns sci.ctx-store)
(def ^:dynamic *ctx* nil)
(def store (atom nil))
(defn get-ctx [] (or *ctx* @store (throw (IllegalStateException. "No context found in: sci.ctx-store/*ctx*. Please set it using sci.ctx-store/reset-ctx!."))))
(defn reset-ctx! [ctx] (reset! store ctx))
(defn swap-ctx! [f & args] (apply swap! store f args))
(defmacro with-ctx [ctx & body] `(binding [*ctx* ~ctx] ~@body))
