// A tree that turns what is looked for to its root, with payloads that come and go.
class Node {
  constructor(key, value) {
    this.key = key;
    this.value = value;
    this.left = null;
    this.right = null;
  }
}

class SplayTree {
  root = null;
  splay(key) {
    if (this.root === null) return;
    const dummy = new Node(0, null);
    let left = dummy, right = dummy, current = this.root;
    for (;;) {
      if (key < current.key) {
        if (current.left === null) break;
        if (key < current.left.key) {
          const turned = current.left;
          current.left = turned.right;
          turned.right = current;
          current = turned;
          if (current.left === null) break;
        }
        right.left = current;
        right = current;
        current = current.left;
      } else if (key > current.key) {
        if (current.right === null) break;
        if (key > current.right.key) {
          const turned = current.right;
          current.right = turned.left;
          turned.left = current;
          current = turned;
          if (current.right === null) break;
        }
        left.right = current;
        left = current;
        current = current.right;
      } else break;
    }
    left.right = current.left;
    right.left = current.right;
    current.left = dummy.right;
    current.right = dummy.left;
    this.root = current;
  }
  insert(key, value) {
    if (this.root === null) {
      this.root = new Node(key, value);
      return;
    }
    this.splay(key);
    if (this.root.key === key) return;
    const node = new Node(key, value);
    if (key > this.root.key) {
      node.left = this.root;
      node.right = this.root.right;
      this.root.right = null;
    } else {
      node.right = this.root;
      node.left = this.root.left;
      this.root.left = null;
    }
    this.root = node;
  }
  remove(key) {
    this.splay(key);
    if (this.root === null || this.root.key !== key) return null;
    const removed = this.root;
    if (removed.left === null) {
      this.root = removed.right;
    } else {
      const right = removed.right;
      this.root = removed.left;
      this.splay(key);
      this.root.right = right;
    }
    return removed;
  }
  greatestBelow(key) {
    this.splay(key);
    let found = this.root;
    if (found !== null && found.key < key) return found;
    found = found && found.left;
    while (found !== null && found.right !== null) found = found.right;
    return found;
  }
}

let seed = 49734321;
const random = () => {
  seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
  return seed;
};
const payload = (depth, tag) => (depth === 0 ? { array: [0, 1, 2, 3], string: "payload " + tag } : { left: payload(depth - 1, tag), right: payload(depth - 1, tag) });

const tree = new SplayTree();
for (let i = 0; i < 800; i++) tree.insert(random(), payload(3, i));
let turns = 0;
for (let i = 0; i < 1200; i++) {
  const key = random();
  tree.insert(key, payload(3, i));
  const near = tree.greatestBelow(key);
  if (near !== null && tree.remove(near.key) !== null) turns++;
}
let size = 0;
const walk = (node) => {
  if (node === null) return;
  walk(node.left);
  size++;
  walk(node.right);
};
walk(tree.root);
console.log(turns, size);
