// Something each interval, without drift, and handlers that are called less.
import { moveOnAfter, sleep, TaskGroup } from "../mod.ts";
import { debounce, every, throttle } from "../flow.ts";
import { withVirtualClock } from "../testing.ts";

// On a clock of its own, so that it prints the same each time.
await withVirtualClock(async () => {
  // A heartbeat beside the work; it ends with it.
  await TaskGroup.run(async (group) => {
    const beat = () => every(40, (_, { index }) => console.log("beat", index));
    group.spawn(beat, { service: true });
    await sleep(100);
  });

  // A call that takes too long: the next are left out, the grid stays.
  await moveOnAfter(
    210,
    () =>
      every(40, async ({ name, sleep }, { skipped }) => {
        console.log(name, "left out:", skipped);
        await sleep(60);
      }, { name: "poll" }),
  );

  // When the typing is over; not too often; and now, if it has to be.
  const save = debounce((text: string) => console.log("saved", text), 20);
  const draw = throttle((percent: number) => console.log(percent, "%"), 60_000);
  for (const text of ["h", "he", "hey"]) save(text);
  for (const percent of [1, 2, 3]) draw(percent);
  await sleep(40);
  await draw.flush();
});

// Output:
// beat 0
// beat 1
// poll #0 left out: 0
// poll #2 left out: 1
// poll #4 left out: 1
// 1 %
// saved hey
// 3 %
