"""The tokens of Clojure, one compiled expression; clojure.org/reference/reader, LispReader.java."""

from __future__ import annotations

import re

DELIMITERS = r'\s,";@^`~()\[\]{}\\'

TOKEN = re.compile(
    rf"""
    (?P<space>[\s,]+)
  | (?P<comment>;[^\n]*|\#![^\n]*)
  | (?P<open>[(\[{{])
  | (?P<close>[)\]}}])
  | (?P<string>"(?:[^"\\]|\\.)*")
  | (?P<open_string>")
  | (?P<char>\\(?s:.)[^{DELIMITERS}]*)
  | (?P<open_char>\\)
  | (?P<quote>')
  | (?P<deref>@)
  | (?P<meta>\^|\#\^)
  | (?P<backquote>`)
  | (?P<splice>~@)
  | (?P<unquote>~)
  | (?P<set>\#\{{)
  | (?P<fn>\#\()
  | (?P<var>\#')
  | (?P<regex>\#"(?:[^"\\]|\\.)*")
  | (?P<open_regex>\#")
  | (?P<discard>\#_)
  | (?P<conditional>\#\?@?)
  | (?P<symbolic>\#\#)
  | (?P<namespaced>\#::?)
  | (?P<eval>\#=)
  | (?P<unreadable>\#<)
  | (?P<tag>\#)
  | (?P<atom>[^{DELIMITERS}]+)
  | (?P<other>(?s:.))
    """,
    re.VERBOSE | re.DOTALL,
)

INTEGER = re.compile(
    r"([-+]?)(?:(0)|([1-9][0-9]*)|0[xX]([0-9A-Fa-f]+)|0([0-7]+)|([1-9][0-9]?)[rR]([0-9A-Za-z]+)|(0[0-9]+))(N)?"
)
RATIO = re.compile(r"([-+]?[0-9]+)/([0-9]+)")
FLOAT = re.compile(r"([-+]?[0-9]+(?:\.[0-9]*)?(?:[eE][-+]?[0-9]+)?)(M)?")
NUMBER_START = re.compile(r"[-+]?[0-9]")
SYMBOL = re.compile(r"(?::)?(?:[^\d/].*/)?(?:/|[^\d/][^/]*)", re.DOTALL)

CHARACTER_NAMES = {
    "newline": "\n",
    "space": " ",
    "tab": "\t",
    "backspace": "\b",
    "formfeed": "\f",
    "return": "\r",
}
STRING_ESCAPES = {"t": "\t", "r": "\r", "n": "\n", "\\": "\\", '"': '"', "b": "\b", "f": "\f"}
SYMBOLIC_VALUES = {"Inf": "inf", "-Inf": "-inf", "NaN": "nan"}
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|u.{0,4}|[0-7]{1,3}|.)", re.DOTALL)
