// Spheres over a plane, with shadows and reflections, by classes of vectors.
class Vector {
  constructor(x, y, z) {
    this.x = x;
    this.y = y;
    this.z = z;
  }
  plus(v) {
    return new Vector(this.x + v.x, this.y + v.y, this.z + v.z);
  }
  minus(v) {
    return new Vector(this.x - v.x, this.y - v.y, this.z - v.z);
  }
  times(k) {
    return new Vector(this.x * k, this.y * k, this.z * k);
  }
  dot(v) {
    return this.x * v.x + this.y * v.y + this.z * v.z;
  }
  get unit() {
    return this.times(1 / Math.sqrt(this.dot(this)));
  }
}

class Shape {
  constructor(color, mirror) {
    this.color = color;
    this.mirror = mirror;
  }
}

class Sphere extends Shape {
  constructor(center, radius, color, mirror) {
    super(color, mirror);
    this.center = center;
    this.radius = radius;
  }
  hit(origin, direction) {
    const from = this.center.minus(origin), along = from.dot(direction);
    const rest = this.radius * this.radius - from.dot(from) + along * along;
    return rest > 0 && along - Math.sqrt(rest) > 1e-6 ? along - Math.sqrt(rest) : Infinity;
  }
  normal(point) {
    return point.minus(this.center).unit;
  }
}

class Plane extends Shape {
  constructor(height, color, mirror) {
    super(color, mirror);
    this.height = height;
  }
  hit(origin, direction) {
    const distance = (this.height - origin.y) / direction.y;
    return distance > 1e-6 ? distance : Infinity;
  }
  normal() {
    return new Vector(0, 1, 0);
  }
}

const scene = [new Plane(-1, 0.4, 0.2), new Sphere(new Vector(0, 0, 4), 1, 0.9, 0.3), new Sphere(new Vector(2, 0.5, 5), 1.5, 0.6, 0.5), new Sphere(new Vector(-2, -0.4, 3), 0.6, 0.8, 0)];
const light = new Vector(4, 6, -2);

function nearest(origin, direction) {
  let distance = Infinity, shape = null;
  for (const one of scene) {
    const found = one.hit(origin, direction);
    if (found < distance) {
      distance = found;
      shape = one;
    }
  }
  return { distance, shape };
}

function trace(origin, direction, depth) {
  const { distance, shape } = nearest(origin, direction);
  if (shape === null) return 0.1;
  const point = origin.plus(direction.times(distance)), normal = shape.normal(point);
  const way = light.minus(point), shadow = nearest(point, way.unit);
  const lit = shadow.distance * shadow.distance < way.dot(way) ? 0 : Math.max(0, normal.dot(way.unit));
  let color = shape.color * (0.2 + 0.8 * lit);
  if (shape.mirror > 0 && depth < 3) {
    const mirrored = direction.minus(normal.times(2 * direction.dot(normal)));
    color = color * (1 - shape.mirror) + shape.mirror * trace(point, mirrored, depth + 1);
  }
  return color;
}

let sum = 0;
for (let y = 0; y < 32; y++) {
  for (let x = 0; x < 40; x++) {
    sum += trace(new Vector(0, 0, -2), new Vector((x - 20) / 20, (16 - y) / 20, 1.5).unit, 0);
  }
}
console.log(sum.toFixed(6));
