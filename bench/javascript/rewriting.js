// Terms of a small Scheme rewritten by rules until nothing changes, and a language parsed in all its ways (after earley-boyer).
const list = (...items) => items;
const rules = [
  [list("plus", list("plus", "?x", "?y"), "?z"), list("plus", "?x", list("plus", "?y", "?z"))],
  [list("times", "?x", list("plus", "?y", "?z")), list("plus", list("times", "?x", "?y"), list("times", "?x", "?z"))],
  [list("times", list("plus", "?x", "?y"), "?z"), list("plus", list("times", "?x", "?z"), list("times", "?y", "?z"))],
  [list("plus", "?x", "zero"), "?x"],
  [list("times", "?x", "one"), "?x"],
];

function match(pattern, term, bindings) {
  if (typeof pattern === "string") {
    if (pattern[0] !== "?") return pattern === term;
    if (pattern in bindings) return same(bindings[pattern], term);
    bindings[pattern] = term;
    return true;
  }
  return Array.isArray(term) && term.length === pattern.length && pattern.every((part, i) => match(part, term[i], bindings));
}
function same(x, y) {
  return x === y || (Array.isArray(x) && Array.isArray(y) && x.length === y.length && x.every((one, i) => same(one, y[i])));
}
function fill(pattern, bindings) {
  if (typeof pattern === "string") return pattern[0] === "?" ? bindings[pattern] : pattern;
  return pattern.map((part) => fill(part, bindings));
}
function rewrite(term) {
  if (typeof term === "string") return term;
  const inner = term.map(rewrite);
  for (const [left, right] of rules) {
    const bindings = {};
    if (match(left, inner, bindings)) return rewrite(fill(right, bindings));
  }
  return inner;
}
const count = (term) => (typeof term === "string" ? 1 : term.reduce((sum, part) => sum + count(part), 0));

const grammar = { S: [["S", "+", "S"], ["S", "*", "S"], ["n"]] };
function parses(symbol, words, from, to, memo) {
  if (!(symbol in grammar)) return to - from === 1 && words[from] === symbol ? 1 : 0;
  const key = symbol + from + "," + to;
  if (memo.has(key)) return memo.get(key);
  let ways = 0;
  for (const [first, ...rest] of grammar[symbol]) {
    if (rest.length === 0) ways += parses(first, words, from, to, memo);
    else for (let i = from + 1; i < to - 1; i++) if (words[i] === rest[0]) ways += parses(first, words, from, i, memo) * parses(rest[1], words, i + 1, to, memo);
  }
  memo.set(key, ways);
  return ways;
}

let term = list("times", list("plus", "a", "one"), list("plus", "b", "zero"));
for (let i = 0; i < 3; i++) term = list("times", list("plus", term, "c"), list("plus", "d", "one"));
const result = rewrite(term), words = "n+n*n+n*n+n*n+n*n+n".split("");
console.log(count(result), parses("S", words, 0, words.length, new Map()));
