// Inheritance, fields, private names, accessors and super.
class A {
  #p = 1;
  q = 2;
  constructor(x) {
    this.x = x;
  }
  get v() {
    return this.x + this.#p;
  }
  m() {
    return this.q;
  }
  static make(x) {
    return new this(x);
  }
}
class B extends A {
  constructor(x, y) {
    super(x);
    this.y = y;
  }
  m() {
    return super.m() + this.y;
  }
}
let n = 0;
for (let i = 0; i < 50000; i++) {
  const b = new B(i, 2);
  n += b.v + b.m();
}
n += A.make(3).x;
console.log(n);
