// Chains of async functions: pipelines, pools, async generators and combinators.
const tick = (value) => Promise.resolve(value);
async function add(x, y) {
  return (await tick(x)) + (await y);
}
async function* numbers(count) {
  for (let i = 0; i < count; i++) yield tick(i);
}
async function pool(jobs, width) {
  const results = [];
  let next = 0;
  const worker = async () => {
    while (next < jobs.length) {
      const place = next++;
      results[place] = await jobs[place]();
    }
  };
  await Promise.all(Array.from({ length: width }, worker));
  return results;
}
async function main() {
  let sum = 0;
  for (let i = 0; i < 400; i++) sum = await add(sum, i);
  for await (const one of numbers(400)) sum += one;
  const jobs = Array.from({ length: 300 }, (_, i) => async () => {
    try {
      if (i % 10 === 0) throw new Error("no " + i);
      return await tick(i);
    } catch (error) {
      return error.message.length;
    } finally {
      sum++;
    }
  });
  for (const one of await pool(jobs, 8)) sum += one;
  const settled = await Promise.allSettled(jobs.map((job, i) => (i % 7 ? job() : Promise.reject(i))));
  return sum + settled.filter((one) => one.status === "rejected").length;
}
main().then((sum) => console.log(sum));
