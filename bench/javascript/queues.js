// Push, pop, shift and unshift.
const q = [];
let n = 0;
for (let j = 0; j < 60; j++) {
  for (let i = 0; i < 2000; i++) q.push(i);
  while (q.length > 10) n += q.pop();
  for (let i = 0; i < 10; i++) {
    q.unshift(i);
    n += q.shift();
  }
}
console.log(n);
