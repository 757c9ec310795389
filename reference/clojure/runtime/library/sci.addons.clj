;; sci.addons
(ns sci.addons)
(defn future [opts] opts)
