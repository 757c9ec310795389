// Words counted in an object.
const words = "a b c d e f g h a b c the quick brown fox a the".split(" ");
function count() {
  const o = {};
  for (let i = 0; i < words.length; i++) {
    const k = words[i];
    o[k] = (o[k] || 0) + 1;
  }
  return o;
}
let n = 0;
for (let i = 0; i < 12000; i++) n += count().a;
console.log(n);
