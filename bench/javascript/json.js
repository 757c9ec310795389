// JSON written and parsed.
const d = { a: [1, 2, 3, { b: "text \n", c: null, d: true }], e: "x".repeat(20), f: { g: 1.5, h: [[], {}] } };
let n = 0;
for (let i = 0; i < 3000; i++) {
  const s = JSON.stringify(d);
  n += JSON.parse(s).a.length + s.length;
}
console.log(n);
