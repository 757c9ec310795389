// Generators, delegating and taken apart.
function* g(n) {
  for (let i = 0; i < n; i++) yield i;
}
function* h(n) {
  yield* g(n);
}
let n = 0;
for (let i = 0; i < 100; i++) {
  for (const x of g(500)) n += x;
  for (const x of h(100)) n += x;
  const [a, b] = g(10);
  n += a + b;
}
console.log(n);
