// A log read by regular expressions: matched, replaced, split and counted.
const lines = [];
for (let i = 0; i < 400; i++) lines.push(`2026-11-${String((i % 28) + 1).padStart(2, "0")}T08:${String(i % 60).padStart(2, "0")}:00Z [${i % 3 ? "info" : "warn"}] user${i % 17}@host${i % 5}.example GET /path/${i}/item?id=${i * 7}&name=a%20b ${i % 11 ? 200 : 404} ${i * 13}ms`);
const form = /^(?<date>\d{4}-\d\d-\d\d)T(\d\d):(\d\d):\d\dZ \[(\w+)\] (\w+)@([\w.]+) (GET|POST) (\S+) (\d{3}) (\d+)ms$/;
const hosts = new Map();
let slow = 0, failed = 0, ids = 0, text = "";
for (const line of lines) {
  const found = form.exec(line);
  if (found === null) continue;
  const host = found[6];
  hosts.set(host, (hosts.get(host) ?? 0) + 1);
  if (Number(found[10]) > 2000) slow++;
  if (found[9] !== "200") failed++;
  for (const pair of line.matchAll(/[?&](\w+)=([^&\s]*)/g)) if (pair[1] === "id") ids += Number(pair[2]);
  text += found.groups.date.replace(/(\d+)-(\d+)-(\d+)/, "$3.$2.$1") + line.replace(/%20/g, " ").split(/[\s/]+/).length + ";";
}
console.log(slow, failed, ids, hosts.size, text.length, (text.match(/1[0-9];/g) || []).length);
