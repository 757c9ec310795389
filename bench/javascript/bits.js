// A hash of characters by shifts and bitwise operators.
function hash(s) {
  let h = 0;
  for (let i = 0; i < s.length; i++) {
    h = ((h << 5) - h + s.charCodeAt(i)) | 0;
  }
  return h;
}
let s = "The quick brown fox jumps over the lazy dog",
  n = 0;
for (let i = 0; i < 6000; i++) n ^= hash(s) + i;
console.log(n);
