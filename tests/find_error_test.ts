import { assertEquals, assertStrictEquals, assertThrows } from "@std/assert";
import { errorLeaves, findError } from "../mod.ts";
import { test } from "./_harness.ts";

class HttpError extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

const nested = (...errors: unknown[]) =>
  new AggregateError([new AggregateError(errors), new TypeError("last")]);

/** An AggregateError as another realm makes it. */
function foreignAggregate(errors: unknown[]): unknown {
  const prototype = Object.create(Object.prototype, {
    name: { value: "AggregateError", writable: true, configurable: true },
    message: { value: "", writable: true, configurable: true },
  });
  return Object.create(prototype, {
    errors: { value: errors, writable: true, configurable: true },
  });
}

test("findError() finds the first leaf of a class, and knows its type", () => {
  const error = nested(new Error("a"), new HttpError(404), new HttpError(500));
  const status: number | undefined = findError(error, HttpError)?.status;
  assertEquals(status, 404);
  assertEquals(findError(error, RangeError), undefined);
});

test("findError() looks at a plain error as well", () => {
  const error = new HttpError(404);
  assertStrictEquals(findError(error, HttpError), error);
  assertStrictEquals(findError(error, Error), error);
  assertEquals(findError(error, TypeError), undefined);
  assertEquals(findError("text", (leaf) => leaf === "text"), "text");
});

test("findError() finds the first leaf that a predicate accepts", () => {
  const error = nested(new HttpError(404), new HttpError(500));
  const found: HttpError | undefined = findError(
    error,
    (leaf): leaf is HttpError =>
      leaf instanceof HttpError && leaf.status >= 500,
  );
  assertEquals(found?.status, 500);
  assertEquals(
    findError(error, function (leaf) {
      return (leaf as Error).message === "last";
    }),
    new TypeError("last"),
  );
});

test("findError() takes classes of older code, of the platform and of other things", () => {
  function OldError(this: Error) {
    this.message = "old";
  }
  OldError.prototype = Object.create(Error.prototype);
  const Old = OldError as unknown as new () => Error;
  const old = new Old();
  assertStrictEquals(findError(nested(old), Old), old);
  const abort = new DOMException("stop", "AbortError");
  assertStrictEquals(findError(nested(abort), DOMException), abort);
  class Plain {}
  const plain = new Plain();
  assertStrictEquals(findError(nested(plain), Plain), plain);
});

test("findError() refuses what is neither class nor function", () => {
  const find = findError as (...args: unknown[]) => unknown;
  assertThrows(() => find(new Error(), "name"), TypeError, 'received "name"');
});

test("errorLeaves() ends for an AggregateError that contains itself", () => {
  const error = new AggregateError([new Error("a")]);
  error.errors.push(error, new AggregateError([error, "b"]));
  assertEquals(errorLeaves(error), [new Error("a"), "b"]);
});

test("errorLeaves() opens an AggregateError of another realm", () => {
  const inner = new RangeError("deep");
  const error = foreignAggregate([foreignAggregate([inner]), "b"]);
  assertEquals(errorLeaves(error), [inner, "b"]);
  assertStrictEquals(findError(error, RangeError), inner);
});

test("errorLeaves() leaves errors alone that have a list of something else", () => {
  class ValidationError extends Error {
    readonly errors = [{ path: "name" }];
  }
  const error = new ValidationError();
  assertEquals(errorLeaves(error), [error]);
  assertEquals(errorLeaves({ errors: [1] }), [{ errors: [1] }]);
});

test("errorLeaves() takes what resists being looked at for a leaf", () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const hostile = {
    get errors() {
      throw new Error("no");
    },
  };
  const leaves = errorLeaves(new AggregateError([proxy, hostile]));
  assertEquals(leaves.length, 2);
  assertStrictEquals(leaves[1], hostile);
});
