;; sci.lang: what SCI calls its own types; here they are the engine's.
(ns sci.lang)
