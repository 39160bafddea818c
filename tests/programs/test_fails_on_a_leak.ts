import { createTask, sleep } from "../../mod.ts";
import { checkLeaks } from "../../testing.ts";
import { test } from "../_harness.ts";

test("leaves a task", () =>
  checkLeaks(() => {
    void createTask(() => sleep(60_000), { name: "forgotten" });
  }));

test("comes after it", () => checkLeaks(() => {}));
