import { run } from "../../mod.ts";

const value = await run(async ({ sleep, name }) => {
  await sleep(1);
  return `the value of ${name}`;
});
console.log(value);
