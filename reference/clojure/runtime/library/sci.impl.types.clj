;; sci.impl.types
(ns sci.impl.types)
(defprotocol ICustomType (getMethods [_]) (getInterfaces [_]) (getProtocols [_]) (getFields [_]))
(defn getVal [x] x)
