import { Progress } from "@mdc/tasks";
import type {
  NamedProgress,
  ProgressDisplay,
  ShowProgressOptions,
} from "@mdc/devtools/console";
import { show } from "../console/show_progress.ts";
import type { ShownSource } from "../console/sources.ts";
import { Screen } from "./_screen.ts";
import { FakeTimers } from "./_timers.ts";

/** Bars that a test looks at. */
export interface Bars {
  screen: Screen;
  timers: FakeTimers;
  display: ProgressDisplay;
}

/** Bars on a screen, with timers that the test lets go off. */
export function bars(
  source: ShownSource | undefined,
  { screen = new Screen(60, 12), ...options }: ShowProgressOptions & {
    screen?: Screen;
  } = {},
): Bars {
  const timers = new FakeTimers();
  const all = { stream: screen, live: true, ...options };
  const display = show(source, all, timers);
  return { screen, timers, display };
}

/** Work that has not begun. */
export function work(total = 10): Progress {
  return new Progress({ total, stage: "load" });
}

/** So many pieces of work, `part 1` and so on. */
export function named(
  count: number,
): (NamedProgress & { progress: Progress })[] {
  return Array.from({ length: count }, (_, i) => ({
    name: `part ${i + 1}`,
    progress: work(),
  }));
}

/** The names at the beginnings of the lines. */
export function names(screen: Screen): (string | undefined)[] {
  return screen.text.map((line) => line.match(/^. (\S+( \d+)?)/)?.[1]);
}
