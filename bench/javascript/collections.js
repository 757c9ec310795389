// A Map of counts, a Set of names.
function f() {
  const m = new Map();
  for (let i = 0; i < 1000; i++) m.set(i % 100, (m.get(i % 100) || 0) + i);
  let t = 0;
  for (const [k, v] of m) t += k * v;
  const s = new Set();
  for (let i = 0; i < 500; i++) {
    s.add("k" + (i % 50));
    if (s.has("k3")) t++;
  }
  return t + s.size;
}
let n = 0;
for (let i = 0; i < 120; i++) n += f();
console.log(n);
