// A text by character.
const s = "hello world, this is a text of some length";
function f() {
  let v = 0,
    w = "";
  for (let i = 0; i < s.length; i++) {
    const c = s.charAt(i);
    if (c === "o" || s[i] === "l") v++;
    w += c.toUpperCase();
  }
  return v + w.length + s.indexOf("text") + s.substring(3, 8).length;
}
let n = 0;
for (let i = 0; i < 7000; i++) n += f();
console.log(n);
