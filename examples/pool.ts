// Resources that are made when needed, lent, and closed; and one of a group.
import { map, sleep, TaskGroup } from "../mod.ts";
import { Pool, resource } from "../flow.ts";

let made = 0;
const pool = new Pool({
  create: () => ({ id: ++made, healthy: true }),
  destroy: ({ id }) => console.log("closed", id),
  validate: ({ healthy }) => healthy,
  max: 1,
  name: "database",
});

// Three queries on one connection; whoever waits longest comes next.
await map([1, 2, 3], () => pool.use(() => sleep(1)));
console.log("made", made, "idle", pool.idle);

// One that has broken is replaced.
await pool.use((connection) => {
  connection.healthy = false;
});
await pool.use(({ id }) => console.log("uses", id));

// What a group owns is closed after its children.
await TaskGroup.run(async (group) => {
  const close = (port: number) => console.log("closed port", port);
  const port = await resource(() => 8080, close, { group });
  group.spawn(() => console.log("listens on", port));
});
await pool.close();

// Output:
// made 1 idle 1
// closed 1
// uses 2
// listens on 8080
// closed port 8080
// closed 2
