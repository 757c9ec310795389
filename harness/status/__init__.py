"""What is known of suites: status files, what a run changes in them, accepted differences, the vars of Clojure."""
