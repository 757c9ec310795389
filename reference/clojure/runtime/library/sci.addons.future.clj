;; sci.addons.future
(ns sci.addons.future)
(defn install [opts] opts)
