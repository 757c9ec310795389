// Products of matrices in nested arrays.
function mk(n) {
  const m = [];
  for (let i = 0; i < n; i++) {
    const r = [];
    for (let j = 0; j < n; j++) r.push(i + j);
    m.push(r);
  }
  return m;
}
function mul(a, b, n) {
  const c = [];
  for (let i = 0; i < n; i++) {
    const r = [];
    for (let j = 0; j < n; j++) {
      let s = 0;
      for (let k = 0; k < n; k++) s += a[i][k] * b[k][j];
      r.push(s);
    }
    c.push(r);
  }
  return c;
}
const m = mk(60);
console.log(mul(m, m, 60)[3][4] + mul(m, m, 60)[5][4]);
