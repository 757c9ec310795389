;; Writes the tables beside this file: clojure.main generate.clj scripts > unicode_scripts.py, and so on for blocks and
;; properties.
(import (java.lang Character$UnicodeScript Character$UnicodeBlock))
(defn runs [f]
  (loop [c 0 start 0 value (f 0) acc []]
    (let [n (inc c) v (when (<= n 0x10ffff) (f n))]
      (cond (> n 0x10ffff) (conj acc [start c value])
            (= v value) (recur n start value acc)
            :else (recur n n v (conj acc [start c value]))))))
(defn text [pairs] (clojure.string/join " " (map (fn [[a b]] (if (= a b) (format "%X" a) (format "%X-%X" a b))) pairs)))
(defn wrapped [s]
  (loop [[w & more] (clojure.string/split s #" ") line "" acc []]
    (cond (nil? w) (conj acc line)
          (> (+ (count line) (count w)) 96) (recur more w (conj acc (str line " ")))
          :else (recur more (if (= line "") w (str line " " w)) acc))))
(defn table [title entries]
  (println (str title ": dict[str, str] = {"))
  (doseq [[k s] entries]
    (let [lines (wrapped s)]
      (if (= 1 (count lines))
        (println (str "    \"" k "\": \"" (first lines) "\","))
        (do (println (str "    \"" k "\": ("))
            (doseq [l lines] (println (str "        \"" l "\"")))
            (println "    ),")))))
  (println "}"))
(defn grouped [f] (sort-by key (reduce (fn [m [a b v]] (if v (update m v (fnil conj []) [a b]) m)) {} (runs f))))
(defn heading [what]
  (println (str "\"\"\"" what " as java.lang.Character of JDK 17 has them; made by generate.clj.\"\"\"\n"))
  (println "from __future__ import annotations\n"))
(defn property [f] (text (map (fn [[a b _]] [a b]) (filter #(nth % 2) (runs (fn [c] (boolean (f (int c)))))))))
(case (first *command-line-args*)
  "scripts" (do (heading "Scripts")
 (table "SCRIPTS" (map (fn [[k v]] [k (text v)]) (grouped (fn [c] (let [s (str (Character$UnicodeScript/of (int c)))] (when-not (= s "UNKNOWN") s)))))))
  "blocks" (do (heading "Blocks")
 (table "BLOCKS" (map (fn [[k v]] [k (text v)]) (grouped (fn [c] (when-let [b (Character$UnicodeBlock/of (int c))] (str b)))))))
  "properties" (do (heading "Binary properties")
 (table "PROPERTIES" [["ALPHABETIC" (property #(Character/isAlphabetic %))] ["IDEOGRAPHIC" (property #(Character/isIdeographic %))]
                     ["LOWERCASE" (property #(Character/isLowerCase (int %)))] ["UPPERCASE" (property #(Character/isUpperCase (int %)))]
                     ["JAVA_IDENTIFIER_START" (property #(Character/isJavaIdentifierStart (int %)))]
                     ["UNICODE_IDENTIFIER_START" (property #(Character/isUnicodeIdentifierStart (int %)))]
                     ["IDENTIFIER_IGNORABLE" (property #(Character/isIdentifierIgnorable (int %)))]])))
