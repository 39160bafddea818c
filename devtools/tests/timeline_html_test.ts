import { assert, assertEquals, assertThrows } from "@std/assert";
import { createTask } from "@mdc/tasks";
import { record } from "@mdc/devtools/recording";
import { test } from "../../tests/_harness.ts";

const HOSTILE =
  `</script><script>alert(1)</script>&<img src=x onerror=alert(1)>\u2028`;

async function page(title?: string): Promise<string> {
  const recording = record();
  await createTask(() => Promise.reject(new Error(HOSTILE)), { name: HOSTILE })
    .catch(() => {});
  recording.stop();
  return recording.toTimelineHtml(title === undefined ? {} : { title });
}

test("recording.toTimelineHtml() takes nothing of names, errors and title for markup", async () => {
  const html = await page(HOSTILE);
  assertEquals(html.match(/<script/g)?.length, 2);
  assertEquals(html.match(/<\/script/g)?.length, 2);
  assert(!html.includes("<img"));
});

test("recording.toTimelineHtml() keeps its data as it is", async () => {
  const html = await page();
  const [, json] = /<script type="application\/json" id="data">(.*)<\/script>/
    .exec(html)!;
  const { spans } = JSON.parse(json!);
  assertEquals(spans[0].name, HOSTILE);
  assertEquals(spans[0].error.message, HOSTILE);
});

test("recording.toTimelineHtml() asks nothing of any network", async () => {
  const html = await page();
  const outside = html.match(
    /https?:\/\/[^"'\s]+|\bfetch\(|XMLHttpRequest|import\(/g,
  );
  assertEquals(outside, null);
  assert(html.includes("default-src 'none'"));
});

test("recording.toTimelineHtml() refuses unknown options", () => {
  const recording = record();
  recording.stop();
  assertThrows(
    () => recording.toTimelineHtml({ titel: "x" } as never),
    TypeError,
    'unknown option "titel"; there are "title"',
  );
});
