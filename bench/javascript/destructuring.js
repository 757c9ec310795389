// Arrays and objects taken apart.
function f(i) {
  const [a, b] = [i, 1];
  const { x, y } = { x: a, y: b };
  return x + y;
}
let n = 0;
for (let i = 0; i < 150000; i++) n += f(i);
console.log(n);
