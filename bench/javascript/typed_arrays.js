// Float64Array and Uint8Array by index.
const f = new Float64Array(1000),
  u = new Uint8Array(1000);
function run() {
  for (let i = 0; i < 1000; i++) {
    f[i] = i * 1.5;
    u[i] = i;
  }
  let t = 0;
  for (let i = 0; i < 1000; i++) t += f[i] + u[i];
  return t;
}
let n = 0;
for (let i = 0; i < 150; i++) n += run();
console.log(n);
