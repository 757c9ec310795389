;; The portable suite's tests name the ends of the number ranges through this namespace. It stands in where a copy of
;; the suite lacks the file; the suite's own is found first.
(ns clojure.core-test.number-range)

(def max-int 9223372036854775807)
(def min-int -9223372036854775808)
(def max-double 1.7976931348623157E308)
(def min-double 4.9E-324)
(def all-ones-int -1)
(def full-width-checker-pos 0x5555555555555555)
(def full-width-checker-neg -0x5555555555555556)
