(defn collatz [limit]
  (loop [start 1, longest 0, total 0]
    (if (< start limit)
      (let [length (loop [n start, length 1]
                     (if (= n 1)
                       length
                       (recur (if (zero? (rem n 2)) (quot n 2) (inc (* n 3))) (inc length))))]
        (recur (inc start) (max longest length) (+ total length)))
      [longest total])))
(println (collatz 12000))
