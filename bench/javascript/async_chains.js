// Async functions that await each other.
async function f(x) {
  await null;
  return x + 1;
}
async function main() {
  let n = 0;
  for (let i = 0; i < 20000; i++) n = await f(n);
  console.log(n);
}
main();
