// Sorting and callbacks: a shuffled array, sort with a comparator, filter, map and reduce.
function shuffled(n) {
  const values = [];
  let seed = 42;
  for (let i = 0; i < n; i++) {
    seed = (seed * 1103515245 + 12345) % 2147483648;
    values.push(seed % 100000);
  }
  return values;
}
const sorted = shuffled(10000).sort((a, b) => a - b);
const even = sorted.filter((x) => x % 2 === 0).map((x) => x / 2);
console.log(sorted[0], sorted[9999], even.length, even.reduce((a, b) => a + b, 0));
