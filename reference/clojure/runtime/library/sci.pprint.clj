;; sci.pprint
(ns sci.pprint (:require [clojure.pprint]))
