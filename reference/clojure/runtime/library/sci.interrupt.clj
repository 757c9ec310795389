;; sci.interrupt
(ns sci.interrupt)
(defn check [] nil)
(def interrupted (atom false))
(defn interrupt! [& args] (reset! interrupted true))
(defn uninterrupt! [& args] (reset! interrupted false))
