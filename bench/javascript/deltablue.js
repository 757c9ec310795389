// Constraints of strengths over variables, planned and carried out one way (after the DeltaBlue algorithm).
const REQUIRED = 0, PREFERRED = 2, NORMAL = 4, WEAK = 6;

class Variable {
  constructor(value) {
    this.value = value;
    this.constraints = [];
    this.determinedBy = null;
    this.strength = WEAK;
    this.stays = true;
    this.mark = 0;
  }
}

class Constraint {
  constructor(strength) {
    this.strength = strength;
  }
  add(planner) {
    for (const variable of this.variables()) variable.constraints.push(this);
    this.satisfied = null;
    planner.satisfy(this);
  }
  inputsKnown(mark) {
    return this.inputs().every((one) => one.mark === mark || one.stays || one.determinedBy === null);
  }
}

class Unary extends Constraint {
  constructor(output, strength, isInput) {
    super(strength);
    this.output = output;
    this.isInput = isInput;
  }
  variables() {
    return [this.output];
  }
  inputs() {
    return [];
  }
  choose(mark) {
    this.satisfied = this.output.mark !== mark && this.strength < this.output.strength ? this.output : null;
  }
  recalculate() {
    this.output.strength = this.strength;
    this.output.stays = !this.isInput;
  }
  execute() {}
}

class Scale extends Constraint {
  constructor(source, factor, offset, target, strength) {
    super(strength);
    this.source = source;
    this.factor = factor;
    this.offset = offset;
    this.target = target;
  }
  variables() {
    return [this.source, this.target];
  }
  inputs() {
    return [this.satisfied === this.target ? this.source : this.target];
  }
  choose(mark) {
    const { source, target, strength } = this;
    const forward = target.mark !== mark && strength < target.strength, backward = source.mark !== mark && strength < source.strength;
    this.satisfied = forward && (!backward || target.strength >= source.strength) ? target : backward ? source : null;
  }
  recalculate() {
    const [input] = this.inputs(), output = this.satisfied;
    output.strength = Math.max(this.strength, input.strength);
    output.stays = input.stays;
    if (output.stays) this.execute();
  }
  execute() {
    if (this.satisfied === this.target) this.target.value = this.source.value * this.factor + this.offset;
    else this.source.value = (this.target.value - this.offset) / this.factor;
  }
}

class Planner {
  mark = 0;
  satisfy(constraint) {
    const mark = ++this.mark;
    let next = constraint;
    while (next !== null) {
      next.choose(mark);
      const output = next.satisfied;
      if (output === null) return;
      for (const input of next.inputs()) input.mark = mark;
      const overridden = output.determinedBy;
      if (overridden !== null) overridden.satisfied = null;
      output.determinedBy = next;
      this.propagate(next, mark);
      output.mark = mark;
      next = overridden;
    }
  }
  propagate(constraint) {
    const waiting = [constraint];
    while (waiting.length > 0) {
      const one = waiting.pop();
      one.recalculate();
      for (const other of one.satisfied.constraints) if (other !== one && other.satisfied !== null && other.satisfied !== one.satisfied) waiting.push(other);
    }
  }
  plan(sources) {
    const mark = ++this.mark, plan = [], waiting = [...sources];
    while (waiting.length > 0) {
      const one = waiting.pop();
      if (one.satisfied.mark === mark || !one.inputsKnown(mark)) continue;
      plan.push(one);
      one.satisfied.mark = mark;
      for (const other of one.satisfied.constraints) if (other !== one && other.satisfied !== null && other.satisfied !== one.satisfied) waiting.push(other);
    }
    return plan;
  }
}

function chain(length) {
  const planner = new Planner(), variables = Array.from({ length: length + 1 }, () => new Variable(0));
  for (let i = 0; i < length; i++) new Scale(variables[i], 1, i % 3, variables[i + 1], REQUIRED).add(planner);
  new Unary(variables[length], NORMAL, false).add(planner);
  const edit = new Unary(variables[0], PREFERRED, true);
  edit.add(planner);
  const plan = planner.plan([edit]);
  let sum = 0;
  for (let i = 0; i < 40; i++) {
    variables[0].value = i;
    for (const one of plan) one.execute();
    sum += variables[length].value;
  }
  return sum;
}

let total = 0;
for (const length of [10, 40, 90]) total += chain(length);
console.log(total);
