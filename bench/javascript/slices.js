// Short arrays cut and joined.
var a = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  n = 0;
for (let i = 0; i < 60000; i++) {
  const b = a.slice(2, 8);
  const c = b.concat(a);
  n += c.length + b[1];
}
console.log(n);
