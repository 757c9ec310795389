// Strings: built by appending, searched by character, split and joined.
function build(n) {
  let text = "";
  for (let i = 0; i < n; i++) text += String.fromCharCode(97 + (i % 26));
  return text;
}
function count(text, code) {
  let found = 0;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) === code) found++;
  return found;
}
const text = build(100000);
const words = text.split("e").map((word) => word.toUpperCase()).join("-");
console.log(text.length, count(text, 97), words.length, words.indexOf("Z-"));
