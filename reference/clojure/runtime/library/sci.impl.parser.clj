;; sci.impl.parser
(ns sci.impl.parser (:require [sci.core :as sci]))
(defn parse-next ([ctx reader] (sci/parse-next ctx reader)) ([ctx reader opts] (sci/parse-next ctx reader)))
(defn parse-string ([ctx s] (sci/parse-string ctx s)))
(defn reader [x] (sci/reader x))
