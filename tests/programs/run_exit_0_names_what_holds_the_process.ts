import { createServer } from "node:net";
import { run } from "../../mod.ts";

const server = createServer();
await run(async () => {
  await new Promise<void>((resolve) => server.listen(0, resolve));
}, {
  grace: 50,
});
console.log("main has ended");
setTimeout(() => server.close(), 300);
