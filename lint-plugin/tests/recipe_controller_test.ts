import { testRecipe } from "./_recipe.ts";

testRecipe("controller-tree", [
  {
    name: "writes all() for a Promise.all that aborts the others",
    before: `export async function load(id: string, signal: AbortSignal) {
  const controller = new AbortController();
  const onAbort = () => controller.abort(signal.reason);
  if (signal.aborted) onAbort();
  signal.addEventListener("abort", onAbort, { once: true });
  try {
    const [user, posts] = await Promise.all([
      fetch(\`/users/\${id}\`, { signal: controller.signal }),
      loadPosts(id, controller.signal),
    ]);
    return { user, posts };
  } catch (error) {
    controller.abort(error);
    throw error;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}
`,
    after: `import { all } from "@mdc/tasks";

export async function load(id: string, signal: AbortSignal) {
  const [user, posts] = await all([({ signal }) => fetch(\`/users/\${id}\`, { signal }), ({ signal }) => loadPosts(id, signal)], { signal });
  return { user, posts };
}
`,
    left: [],
  },
  {
    name: "writes map() for an array",
    before:
      `export async function load(urls: string[], options: { signal: AbortSignal }) {
  const controller = new AbortController();
  options.signal.addEventListener("abort", () => controller.abort(options.signal.reason));
  try {
    return await Promise.all(urls.map((url, i) => fetch(url + i, { signal: controller.signal })));
  } finally {
    controller.abort();
  }
}
`,
    after: `import { map } from "@mdc/tasks";

export async function load(urls: string[], options: { signal: AbortSignal }) {
  return await map(urls, (url, { signal }, i) => fetch(url + i, { signal }), { signal: options.signal });
}
`,
  },
  {
    name: "writes failAfter() for a timer and a signal",
    before: `export async function load(url: string, signal?: AbortSignal) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  const onAbort = () => controller.abort(signal?.reason);
  signal?.addEventListener("abort", onAbort);
  try {
    const response = await fetch(url, { signal: controller.signal });
    return await response.json();
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", onAbort);
  }
}
`,
    after: `import { failAfter } from "@mdc/tasks";

export async function load(url: string, signal?: AbortSignal) {
  return await failAfter(5000, async ({ signal }) => {
    const response = await fetch(url, { signal });
    return await response.json();
  }, { signal });
}
`,
  },
  {
    name: "writes failAfter() for a timer alone, and keeps other cleanup",
    before: `export async function ping(url: string, ms: number) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), ms);
  try {
    await fetch(url, { method: "HEAD", signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
  log(url);
}
`,
    after: `import { failAfter } from "@mdc/tasks";

export async function ping(url: string, ms: number) {
  await failAfter(ms, async ({ signal }) => {
    await fetch(url, { method: "HEAD", signal });
  });
  log(url);
}
`,
  },
  {
    name: "writes a CancelScope for work that is aborted in the end",
    before: `export async function run(signal: AbortSignal): Promise<void> {
  const controller = new AbortController();
  const relay = () => controller.abort(signal.reason);
  signal.addEventListener("abort", relay);
  const watcher = watch({ signal: controller.signal });
  try {
    await work(watcher, controller.signal);
  } finally {
    controller.abort();
    signal.removeEventListener("abort", relay);
  }
}
`,
    after: `import { CancelScope } from "@mdc/tasks";

export async function run(signal: AbortSignal): Promise<void> {
  const controller = new CancelScope({ signal });
  await controller.run(async () => {
    const watcher = watch({ signal: controller.signal });
    try {
      await work(watcher, controller.signal);
    } finally {
      controller.cancel();
    }
  });
}
`,
  },
  {
    name: "leaves what others abort, and what is handed on",
    before: `export async function a(signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(signal.reason));
  socket.on("close", () => controller.abort());
  await work(controller.signal);
}
export async function b(signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(signal.reason));
  await work(controller);
}
`,
    left: ["a callback aborts it", "the controller is handed on"],
  },
  {
    name: "leaves a handler that looks at the error, and two reasons to abort",
    before: `export async function a(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try {
    return await fetch(url, { signal: controller.signal });
  } catch (error) {
    throw new Error("no answer", { cause: error });
  } finally {
    clearTimeout(timer);
  }
}
export async function b(url: string) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  try {
    const response = await fetch(url, { signal: controller.signal });
    if (!response.ok) controller.abort();
    return response;
  } finally {
    clearTimeout(timer);
  }
}
`,
    left: [
      "a handler looks at the error",
      "it is aborted for other reasons as well",
    ],
  },
  {
    name:
      "leaves work that uses the outer signal, or returns a value from a scope",
    before: `export async function a(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), 5000);
  signal.addEventListener("abort", () => controller.abort(signal.reason));
  try {
    if (signal.aborted) return undefined;
    return await fetch(url, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
  }
}
export async function b(signal: AbortSignal) {
  const controller = new AbortController();
  signal.addEventListener("abort", () => controller.abort(signal.reason));
  return await work(controller.signal);
}
`,
    left: [
      "its work uses the outer signal as well",
      "its work returns a value, which a scope may not have",
    ],
  },
  {
    name: "takes a link along that asks whether there is a signal",
    before:
      `export async function load(url: string, args: { signal?: AbortSignal }) {
  const controller = new AbortController();
  const onAbort = () => controller.abort();
  if (args.signal) {
    if (args.signal.aborted) controller.abort();
    else args.signal.addEventListener("abort", onAbort, { once: true });
  }
  const timer = setTimeout(() => controller.abort(), 50);
  try {
    return await fetch(url, { signal: controller.signal });
  } finally {
    clearTimeout(timer);
    args.signal?.removeEventListener("abort", onAbort);
  }
}
`,
    after: `import { failAfter } from "@mdc/tasks";

export async function load(url: string, args: { signal?: AbortSignal }) {
  return await failAfter(50, async ({ signal }) => {
    return await fetch(url, { signal });
  }, { signal: args.signal });
}
`,
  },
  {
    name: "leaves timers and links that are conditional, or do more",
    before: `export async function a(url: string, ms?: number) {
  const controller = new AbortController();
  if (ms) setTimeout(() => controller.abort(), ms);
  try {
    return await fetch(url, { signal: controller.signal });
  } finally {
    close();
  }
}
export async function b(url: string, signal: AbortSignal, follows: boolean) {
  const controller = new AbortController();
  if (follows) signal.addEventListener("abort", () => controller.abort());
  await fetch(url, { signal: controller.signal });
}
export async function c(url: string, signal: AbortSignal) {
  const controller = new AbortController();
  if (signal.aborted) controller.abort();
  else log("running");
  signal.addEventListener("abort", () => controller.abort());
  await fetch(url, { signal: controller.signal });
}
`,
    left: [
      "its timer isn't a statement of its own",
      "its link does more",
      "its link does more",
    ],
  },
  {
    name: "says nothing of a controller that follows nobody",
    before: `export async function run() {
  const controller = new AbortController();
  stop.onclick = () => controller.abort();
  await work(controller.signal);
}
`,
  },
]);
