(defrecord Body [x y speed])
(defn step [body]
  (let [x (:x body), y (:y body), speed (:speed body)]
    (assoc body :x (+ x speed) :y (- y speed))))
(defn walk [body n]
  (loop [body body, i 0]
    (if (< i n) (recur (step body) (inc i)) body)))
(defn tally [n]
  (loop [counts {}, i 0]
    (if (< i n)
      (let [key (mod (* i 7919) 512)]
        (recur (assoc counts key (inc (get counts key 0))) (inc i)))
      (reduce + (vals counts)))))
(let [end (walk (->Body 0 0 3) 60000)
      plain (walk {:x 0 :y 0 :speed 2} 60000)]
  (println (:x end) (:y plain) (tally 100000)))
