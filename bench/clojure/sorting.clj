(defn next-random [x] (mod (+ (* x 1103515245) 12345) 2147483648))
(defn quicksort [v]
  (if (< (count v) 2)
    v
    (let [pivot (nth v 0), others (rest v)]
      (into (conj (quicksort (filterv #(< % pivot) others)) pivot)
            (quicksort (filterv #(>= % pivot) others))))))
(let [numbers (vec (take 12000 (iterate next-random 42)))
      sorted (quicksort numbers)]
  (println (= sorted (sort numbers)) (first sorted) (peek sorted)
           (nth (sort-by (fn [x] (mod x 1000)) numbers) 6000)))
