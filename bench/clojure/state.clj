(def account (atom {:balance 0 :log []}))
(defn deposit [n]
  (swap! account (fn [a] (-> a (update :balance + n) (update :log conj n)))))
(defmulti apply-event :kind)
(defmethod apply-event :deposit [e] (deposit (:amount e)))
(defmethod apply-event :skip [_] nil)
(doseq [i (range 40000)]
  (apply-event {:kind (if (zero? (mod i 3)) :skip :deposit) :amount i}))
(println (:balance @account) (count (:log @account)))
