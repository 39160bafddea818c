/**
 * For `deno test --preload`: a file that registers no test fails, as a test
 * that is never run can't.
 *
 * @module
 */
const { test } = Deno;
let used = false;

Object.defineProperty(Deno, "test", {
  get() {
    used = true;
    return test;
  },
});

addEventListener("load", () => {
  if (!used) throw new TypeError("Cannot pass: this file registers no test");
});
