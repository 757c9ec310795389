;; clojure.instant: what `#inst` reads.
(ns clojure.instant)
(def ^:private timestamp
  #"(\d\d\d\d)(?:-(\d\d)(?:-(\d\d)(?:[T](\d\d)(?::(\d\d)(?::(\d\d)(?:[.](\d+))?)?)?)?)?)?(?:[Z]|([-+])(\d\d):(\d\d))?")
(defn- divisible? [num div] (zero? (mod num div)))
(defn- leap-year? [year] (and (divisible? year 4) (or (not (divisible? year 100)) (divisible? year 400))))
(defn- days-in-month [month leap?] (nth (if leap? [nil 31 29 31 30 31 30 31 31 30 31 30 31] [nil 31 28 31 30 31 30 31 31 30 31 30 31]) month))
(defn- fail [msg] (throw (RuntimeException. msg)))
(defn- verify [test msg] (when-not test (fail msg)))
(defn- padded [s n] (subs (str s (apply str (repeat n "0"))) 0 n))
(defn parse-timestamp
  "The parts of a timestamp, given to new-instant."
  [new-instant cs]
  (if-let [[_ years months days hours minutes seconds fraction sign off-hours off-minutes] (re-matches timestamp cs)]
    (let [number (fn [s default] (if s (parse-long s) default))]
      (new-instant (number years nil) (number months 1) (number days 1) (number hours 0) (number minutes 0) (number seconds 0)
                   (if fraction (parse-long (padded fraction 9)) 0)
                   (case sign "-" -1 "+" 1 0) (number off-hours 0) (number off-minutes 0)))
    (fail (str "Unrecognized date/time syntax: " cs))))
(defn validated
  "A function that checks the parts of a timestamp before new-instance gets them."
  [new-instance]
  (fn [years months days hours minutes seconds nanoseconds offset-sign offset-hours offset-minutes]
    (verify (<= 1 months 12) "failed: (<= 1 months 12)")
    (verify (<= 1 days (days-in-month months (leap-year? years))) "failed: (<= 1 days (days-in-month months (leap-year? years)))")
    (verify (<= 0 hours 23) "failed: (<= 0 hours 23)")
    (verify (<= 0 minutes 59) "failed: (<= 0 minutes 59)")
    (verify (<= 0 seconds (if (= minutes 59) 60 59)) "failed: (<= 0 seconds (if (= minutes 59) 60 59))")
    (verify (<= 0 nanoseconds 999999999) "failed: (<= 0 nanoseconds 999999999)")
    (verify (<= -1 offset-sign 1) "failed: (<= -1 offset-sign 1)")
    (verify (<= 0 offset-hours 23) "failed: (<= 0 offset-hours 23)")
    (verify (<= 0 offset-minutes 59) "failed: (<= 0 offset-minutes 59)")
    (new-instance years months days hours minutes seconds nanoseconds offset-sign offset-hours offset-minutes)))
(defn- days-from-epoch [y m d]
  (let [y (if (<= m 2) (dec y) y)
        era (quot (if (>= y 0) y (- y 399)) 400)
        yoe (- y (* era 400))
        doy (+ (quot (+ (* 153 (+ m (if (> m 2) -3 9))) 2) 5) (dec d))
        doe (+ (* yoe 365) (quot yoe 4) (- (quot yoe 100)) doy)]
    (+ (* era 146097) doe -719468)))
(defn- construct-date [years months days hours minutes seconds nanoseconds sign off-hours off-minutes]
  (java.util.Date. (+ (* 1000 (- (+ (* 86400 (days-from-epoch years months days)) (* 3600 hours) (* 60 minutes) seconds)
                                 (* sign (+ (* 3600 off-hours) (* 60 off-minutes)))))
                      (quot nanoseconds 1000000))))
(defn read-instant-date "The java.util.Date of a timestamp." [cs] (parse-timestamp (validated construct-date) cs))
(defn read-instant-calendar "The same as a date: there are no calendars here." [cs] (read-instant-date cs))
(defn read-instant-timestamp "The same as a date: there are no timestamps here." [cs] (read-instant-date cs))
