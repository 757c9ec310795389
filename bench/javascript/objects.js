// Objects: many small ones are made, linked and walked.
function Node(value, next) {
  this.value = value;
  this.next = next;
}
function build(n) {
  let list = null;
  for (let i = 0; i < n; i++) list = new Node(i % 7, list);
  return list;
}
function total(list) {
  let sum = 0;
  while (list !== null) {
    sum += list.value;
    list = list.next;
  }
  return sum;
}
let result = 0;
for (let round = 0; round < 2; round++) result += total(build(100000));
console.log(result);
