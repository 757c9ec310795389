// A fluid on a grid: density and velocity are spread and carried along, in arrays of numbers.
const N = 16, ROW = N + 2, SIZE = ROW * ROW;

function bounds(kind, x) {
  for (let i = 1; i <= N; i++) {
    x[i] = kind === 2 ? -x[i + ROW] : x[i + ROW];
    x[i + (N + 1) * ROW] = kind === 2 ? -x[i + N * ROW] : x[i + N * ROW];
    x[i * ROW] = kind === 1 ? -x[1 + i * ROW] : x[1 + i * ROW];
    x[N + 1 + i * ROW] = kind === 1 ? -x[N + i * ROW] : x[N + i * ROW];
  }
}

function solve(kind, x, before, a, c) {
  for (let k = 0; k < 8; k++) {
    for (let j = 1; j <= N; j++) {
      let at = j * ROW + 1, last = x[at - 1];
      for (let i = 1; i <= N; i++, at++) last = x[at] = (before[at] + a * (last + x[at + 1] + x[at - ROW] + x[at + ROW])) / c;
    }
    bounds(kind, x);
  }
}

function advect(kind, d, before, u, v, dt) {
  for (let j = 1; j <= N; j++) {
    for (let i = 1; i <= N; i++) {
      const at = j * ROW + i;
      const x = Math.min(Math.max(i - dt * N * u[at], 0.5), N + 0.5), y = Math.min(Math.max(j - dt * N * v[at], 0.5), N + 0.5);
      const i0 = x | 0, j0 = y | 0, s = x - i0, t = y - j0, from = i0 + j0 * ROW;
      d[at] = (1 - s) * ((1 - t) * before[from] + t * before[from + ROW]) + s * ((1 - t) * before[from + 1] + t * before[from + 1 + ROW]);
    }
  }
  bounds(kind, d);
}

function project(u, v, p, div) {
  for (let j = 1; j <= N; j++) {
    for (let i = 1; i <= N; i++) {
      const at = j * ROW + i;
      div[at] = (-0.5 * (u[at + 1] - u[at - 1] + v[at + ROW] - v[at - ROW])) / N;
      p[at] = 0;
    }
  }
  bounds(0, div);
  solve(0, p, div, 1, 4);
  for (let j = 1; j <= N; j++) {
    for (let i = 1; i <= N; i++) {
      const at = j * ROW + i;
      u[at] -= 0.5 * N * (p[at + 1] - p[at - 1]);
      v[at] -= 0.5 * N * (p[at + ROW] - p[at - ROW]);
    }
  }
}

const grid = () => new Array(SIZE).fill(0);
let u = grid(), v = grid(), d = grid(), a = grid(), b = grid(), c = grid();
for (let step = 0; step < 6; step++) {
  for (let i = 0; i < 5; i++) {
    const at = (6 + i) * ROW + 8;
    d[at] += 5;
    u[at] += 0.3;
    v[at + i] -= 0.2;
  }
  solve(1, a, u, 0.001 * N * N, 1 + 0.004 * N * N);
  solve(2, b, v, 0.001 * N * N, 1 + 0.004 * N * N);
  project(a, b, u, v);
  advect(1, u, a, a, b, 0.1);
  advect(2, v, b, a, b, 0.1);
  project(u, v, a, b);
  solve(0, c, d, 0.0001 * N * N, 1 + 0.0004 * N * N);
  advect(0, d, c, u, v, 0.1);
}
console.log(d.reduce((sum, one) => sum + one, 0).toFixed(9));
