;; sci.impl.deftype
(ns sci.impl.deftype)
(defn ->type-impl [rec-name type meta fields] fields)
