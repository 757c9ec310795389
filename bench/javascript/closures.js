// Closures and generators: counters that keep state, and a lazy pipeline.
function counter() {
  let n = 0;
  return { next: () => (n += 1), get: () => n };
}
function* numbers(limit) {
  for (let i = 0; i < limit; i++) yield i;
}
const c = counter();
for (let i = 0; i < 300000; i++) c.next();
let total = 0;
for (const value of numbers(100000)) total += value % 3;
console.log(c.get(), total);
