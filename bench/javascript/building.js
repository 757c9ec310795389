// Texts built by parts: appended, joined, from templates, escaped and turned.
const rows = [];
for (let i = 0; i < 300; i++) rows.push({ id: i, name: "name " + (i % 13), price: i * 1.25, tags: ["a" + (i % 3), "b<" + (i % 5) + ">"] });
const escapes = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" };
const escaped = (text) => text.replace(/[&<>"]/g, (one) => escapes[one]);
function page() {
  let html = "<table>";
  for (const { id, name, price, tags } of rows) {
    html += `<tr class="${id % 2 ? "odd" : "even"}"><td>${id}</td><td>${escaped(name)}</td>`;
    html += "<td>" + price.toFixed(2) + "</td><td>" + tags.map((tag) => `<b>${escaped(tag)}</b>`).join(" ") + "</td></tr>\n";
  }
  return html + "</table>";
}
function turned(text) {
  let result = "";
  for (let i = text.length - 1; i >= 0; i--) result += text[i] === "<" ? ">" : text[i] === ">" ? "<" : text[i];
  return result;
}
const csv = () => rows.map((row) => [row.id, row.name.toUpperCase(), row.price].join(",")).join("\n");
let length = 0;
for (let i = 0; i < 4; i++) {
  const html = page(), back = turned(html.slice(0, 8000));
  length += html.length + back.lastIndexOf("elbat") + csv().split("\n").filter((line) => line.includes("NAME 1")).length;
}
console.log(length);
