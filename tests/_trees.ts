/** Random programs: runs one and checks what must hold after every one. */
import { configure, errorLeaves, type Task } from "../mod.ts";
import { type VirtualClock, withVirtualClock } from "../testing.ts";
import { liveTasks } from "../src/core/live_tasks.ts";
import { spy, withoutContext } from "./_probes.ts";
import { Interpreter } from "./_trees_interpreter.ts";
import type { World } from "./_trees_watch.ts";
import { abortWith, isNameless } from "./_trees_code.ts";
import type { Program } from "./_trees_steps.ts";
import { unhandledIn } from "./_unhandled.ts";
import * as own from "../mod.ts";

export { programs } from "./_trees_steps.ts";

class Broken extends Error {}

/** Ends when nothing that the program began is alive. */
async function quietened(
  clock: VirtualClock,
  before: ReadonlySet<Task>,
): Promise<void> {
  const lingering = () => liveTasks().filter((task) => !before.has(task));
  // At least once: a wait that nobody awaits has its timer for that long.
  do await clock.advance(1000); while (lingering().length > 0);
  await clock.idle();
}

async function carryOut(
  program: Program,
  world: World,
  clock: VirtualClock,
): Promise<string[]> {
  const run = new Interpreter(clock, world, program.hands);
  const { controller, signal, ...spied } = spiedController();
  const before = new Set(liveTasks());
  const settings = configure({
    onUnobservedFailure: ({ error }) => run.reported.push(error),
    onLostContext: ({ what }) => run.check(false, `${what} lost its context`),
  });
  try {
    const root = run.root(program, signal);
    const { cancel } = program;
    run.later(cancel?.at, () => abortWith(controller, cancel!.reason));
    await root.catch((error) => {
      if (root.status === "failed") run.reported.push(error);
    });
    await quietened(clock, before);
    run.end();
    const leaves = run.reported.flatMap(errorLeaves);
    run.check(
      new Set(leaves).size === leaves.length,
      "an error was reported twice",
    );
    for (const error of run.thrown) {
      const told = leaves.includes(error) || isNameless(error);
      run.check(told, `${error} was lost`);
    }
    for (const error of leaves) {
      run.check(run.thrown.has(error), `${error} was invented`);
    }
    run.check(clock.timers === 0, `${clock.timers} timers left`);
    run.check(
      spied.listeners() === 0 || signal.aborted,
      `${spied.listeners()} listeners left`,
    );
  } finally {
    configure(settings);
  }
  return run.violations;
}

function spiedController() {
  const spied = spy();
  const { controller, signal } = spied;
  return { controller, signal, listeners: () => spied.now };
}

/** Runs one program on the virtual clock; throws what it found to be wrong. */
export async function runProgram(
  program: Program,
  world: World = { explicit: false, copies: [own] },
): Promise<void> {
  let wrong: string[] = [];
  const body = () =>
    withVirtualClock(async (clock) => {
      wrong = await carryOut(program, world, clock);
    });
  const unhandled = await unhandledIn(() =>
    world.explicit ? withoutContext(body) : body()
  );
  for (const error of unhandled) wrong.push(`${error} was not handled`);
  if (wrong.length > 0) throw new Broken(wrong.join("; "));
}
