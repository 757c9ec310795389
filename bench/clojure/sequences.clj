(defn primes [limit]
  (loop [candidates (range 2 limit), found []]
    (if-let [p (first candidates)]
      (if (> (* p p) limit)
        (into found candidates)
        (recur (doall (remove #(zero? (mod % p)) candidates)) (conj found p)))
      found)))
(println (count (primes 20000))
         (reduce + (filter odd? (map #(* % %) (range 200000))))
         (transduce (comp (map inc) (filter even?) (take 50000)) + (range 300000))
         (count (group-by #(mod % 97) (range 100000))))
