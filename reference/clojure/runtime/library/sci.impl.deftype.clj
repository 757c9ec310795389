;; sci.impl.deftype
(ns sci.impl.deftype)
