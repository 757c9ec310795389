// Properties: reads and writes of one object, and calls of an inherited method.
class Counter {
  constructor() {
    this.count = 0;
    this.step = 1;
  }
  add() {
    this.count = this.count + this.step;
    return this;
  }
}
function run(n) {
  const counter = new Counter();
  for (let i = 0; i < n; i++) {
    counter.count = counter.count + counter.step;
    counter.add();
  }
  return counter.count;
}
console.log(run(700000));
