import { run, shield, sleep, TaskGroup } from "../../mod.ts";

async function closing(name: string, ready: () => void): Promise<void> {
  ready();
  try {
    await sleep(60_000);
  } finally {
    console.log(`${name} is asked to end`);
    await shield(() => sleep(10));
    console.log(`${name} has ended`);
  }
}

await run(() =>
  TaskGroup.run(async (group) => {
    for (const name of ["database", "server"]) {
      const body = (_: unknown, started: (value: void) => void) =>
        closing(name, started);
      await group.start<void>(body, { name, service: true });
    }
    group.spawn(() => closing("request", () => console.log("ready")));
  })
);
