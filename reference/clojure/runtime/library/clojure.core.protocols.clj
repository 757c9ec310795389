;; clojure.core.protocols
(ns clojure.core.protocols)
(defprotocol CollReduce (coll-reduce [coll f] [coll f val]))
(defprotocol InternalReduce (internal-reduce [seq f start]))
(defprotocol IKVReduce (kv-reduce [amap f init]))
(defprotocol Datafiable :extend-via-metadata true (datafy [o]))
(defprotocol Navigable :extend-via-metadata true (nav [coll k v]))
(extend-protocol CollReduce
  nil (coll-reduce ([coll f] (f)) ([coll f val] val))
  Object (coll-reduce ([coll f] (reduce f coll)) ([coll f val] (reduce f val coll))))
(extend-protocol IKVReduce
  nil (kv-reduce [_ f init] init)
  Object (kv-reduce [amap f init] (reduce-kv f init amap)))
(extend-protocol Datafiable nil (datafy [_] nil) Object (datafy [x] x))
(extend-protocol Navigable Object (nav [_ _ x] x))
