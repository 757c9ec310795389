// SHA-256 of texts, and powers of large integers by limbs of 14 bits.
const K = [], primes = [];
for (let n = 2; K.length < 64; n++) {
  if (primes.every((p) => n % p !== 0)) {
    primes.push(n);
    K.push(((Math.cbrt(n) % 1) * 0x100000000) | 0);
  }
}
const rotate = (x, n) => (x >>> n) | (x << (32 - n));

function sha256(text) {
  const bytes = [...text].map((one) => one.charCodeAt(0)), length = bytes.length * 8, w = new Array(64);
  bytes.push(0x80);
  while (bytes.length % 64 !== 56) bytes.push(0);
  for (let shift = 56; shift >= 0; shift -= 8) bytes.push(shift > 31 ? 0 : (length >>> shift) & 255);
  let h = primes.slice(0, 8).map((p) => ((Math.sqrt(p) % 1) * 0x100000000) | 0);
  for (let at = 0; at < bytes.length; at += 64) {
    for (let i = 0; i < 64; i++) {
      if (i < 16) {
        const j = at + i * 4;
        w[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
      } else {
        const x = w[i - 15], y = w[i - 2];
        w[i] = (w[i - 16] + (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) + w[i - 7] + (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10))) | 0;
      }
    }
    let [a, b, c, d, e, f, g, k] = h;
    for (let i = 0; i < 64; i++) {
      const one = (k + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      k = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
    }
    h = [a, b, c, d, e, f, g, k].map((one, i) => (one + h[i]) | 0);
  }
  return h.map((one) => (one >>> 0).toString(16).padStart(8, "0")).join("");
}

function product(x, y) {
  const z = new Array(x.length + y.length).fill(0);
  for (let i = 0; i < x.length; i++) {
    let carry = 0;
    for (let j = 0; j < y.length; j++) {
      const sum = z[i + j] + x[i] * y[j] + carry;
      z[i + j] = sum & 0x3fff;
      carry = sum >>> 14;
    }
    z[i + y.length] = carry;
  }
  return z;
}

let text = "lockstep", digest = "";
for (let i = 0; i < 12; i++) digest = sha256(text + digest);
let power = [3];
for (let i = 0; i < 7; i++) power = product(power, power);
console.log(digest.slice(0, 16), power.reduce((sum, one, i) => (sum + one * (i + 1)) % 1000003, 0));
