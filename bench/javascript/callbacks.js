// Map, filter, reduce, forEach, some and the searching methods.
const a = Array.from({ length: 1000 }, (_, i) => (i * 7) % 13);
let n = 0;
for (let i = 0; i < 150; i++) {
  n += a
    .map((x) => x + 1)
    .filter((x) => x % 2 === 0)
    .reduce((p, c) => p + c, 0);
  a.forEach((x) => {
    n += x;
  });
  n += a.some((x) => x > 100) ? 1 : 0;
  n += a.indexOf(12) + a.findIndex((x) => x === 11);
}
console.log(n);
