// For-of, Array.from and spread over arrays.
function f(a) {
  let t = 0;
  for (const x of a) t += x;
  const b = Array.from(a, (x) => x + 1);
  for (const y of b) t += y;
  const c = [...a, ...b];
  return t + c.length;
}
const a = Array.from({ length: 100 }, (_, i) => i);
let n = 0;
for (let i = 0; i < 2500; i++) n += f(a);
console.log(n);
