// Calls each interval, and handlers that are called less often; on a virtual
// clock, so that it prints the same each time.
import { moveOnAfter, sleep, TaskGroup } from "../mod.ts";
import { debounce, every, throttle, type Tick } from "../flow.ts";
import { withVirtualClock } from "../testing.ts";

await withVirtualClock(async () => {
  // A heartbeat beside the work; it ends with it.
  await TaskGroup.run(async (group) => {
    const beat = (_: unknown, { index }: Tick) => console.log("beat", index);
    group.spawn(() => every(40, beat), { service: true });
    await sleep(100);
  });

  // While a call runs, others are left out; the grid stays.
  const poll = async (_: unknown, { index, skipped }: Tick) => {
    console.log("poll", index, "left out:", skipped);
    await sleep(60);
  };
  await moveOnAfter(130, () => every(40, poll));

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
// poll 0 left out: 0
// poll 2 left out: 1
// 1 %
// saved hey
// 3 %
