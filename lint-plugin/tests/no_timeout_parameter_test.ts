import rule from "../rules/no-timeout-parameter.ts";
import { error, fine, wrong } from "./_cases.ts";
import { testRule } from "./_tester.ts";

/** An exported async function with the given parameters. */
const taking = (parameters: string) =>
  `export async function call(${parameters}) {}`;

const fineTaking = (name: string, parameters: string) =>
  fine(name, taking(parameters));

function limited(
  name: string,
  code: string,
  at: string,
  parameter = "timeout",
  func = "call",
) {
  return wrong(name, code, (code) => [
    error(code, at, "timeoutOnly", { parameter, name: func }),
  ]);
}

/** A report on one of the parameters of an exported async function. */
const limitedBy = (name: string, parameters: string, at: string, named = at) =>
  limited(name, taking(parameters), at, named);

testRule("no-timeout-parameter", rule, {
  valid: [
    fine(
      "a method of a class that can be closed",
      "export class Client { close() {} async call(timeout) {} }",
    ),
    fine(
      "a test rig",
      "export class MockServer { async call(timeout) {} }",
    ),
    fine(
      "a function whose waits end with the current task",
      'import { failAfter, sleep } from "@mdc/tasks"; export async function call(timeout) { await failAfter(timeout, () => sleep(5)); }',
    ),

    fineTaking("a signal besides", "timeout: number, signal: AbortSignal"),
    fineTaking("a signal under another name", "timeout: number, stopSignal"),
    fineTaking("an annotation with AbortSignal", "timeout, stop?: AbortSignal"),
    fineTaking("a signal in a pattern", "{ timeout, signal }"),
    fineTaking(
      "a signal in an inline options type",
      "options: { timeout: number; signal?: AbortSignal }",
    ),
    fineTaking(
      "a signal that the pattern does not take out",
      "{ timeout }: { timeout: number; signal?: AbortSignal }",
    ),
    fine(
      "a signal in an options type of this file",
      `interface O { timeout: number; signal?: AbortSignal } ${taking("o: O")}`,
    ),
    fineTaking("a parameter abortController", "timeout, abortController"),
    fineTaking("a parameter controller", "timeout, controller"),
    fineTaking("a parameter cancelEvent", "timeout, cancelEvent"),
    fineTaking("a parameter cancelToken", "timeout, cancelToken"),
    fineTaking("a parameter token", "timeout, token"),
    fineTaking("a parameter scope", "timeout, scope"),
    fineTaking("a parameter ctx", "timeout, ctx"),
    fineTaking("a parameter context", "context, timeout"),
    fineTaking("AsyncEvent in a type", "timeout, stop: AsyncEvent"),
    fineTaking("CancelScope in a type", "timeout, parent: CancelScope"),
    fineTaking("Task in a type", "timeout, owner: Task<void>"),
    fineTaking("TaskContext in a type", "timeout, task: TaskContext"),
    fineTaking("CancelSource in a type", "timeout, by?: CancelSource"),
    fineTaking("CancellationToken in a type", "timeout, t: CancellationToken"),
    fineTaking("RequestInit has a signal", "timeout, init: RequestInit"),
    fineTaking("a Request has a signal", "timeout, request: Request"),
    fineTaking("a rest parameter", "timeout, ...rest"),
    fineTaking("a rest element", "{ timeout, ...rest }"),
    fineTaking("untyped options", "timeout, options"),
    fineTaking("untyped config", "timeout, config = {}"),
    fine(
      "options of an imported type",
      `import type { O } from './o'; ${taking("timeout: number, options: O")}`,
    ),
    fine(
      "a pattern of an imported type",
      `import type { O } from './o'; ${taking("{ timeout }: O")}`,
    ),
    fine(
      "an options type that extends another",
      `interface O extends Base { timeout: number } ${taking("o: O")}`,
    ),
    fine(
      "an options type that is joined with an imported one",
      `type O = Base & { timeout: number }; ${taking("o: O")}`,
    ),
    fine(
      "an overload with a signal",
      "export async function f(timeout: number): Promise<void>; export async function f(a: number, signal: AbortSignal): Promise<void>; export async function f(timeout: number, other?: unknown) {}",
    ),
    fine(
      "an overload of a method with a signal",
      "export class A { f(timeout: number): Promise<void>; f(timeout: number, signal: AbortSignal): Promise<void>; async f(timeout: number) {} }",
    ),
    fine(
      "a name with timeout",
      "export async function withTimeout(p, timeoutMs) {}",
    ),
    fine(
      "a name with deadline",
      "export async function deadline(p, timeoutMs) {}",
    ),
    fine("a name with delay", "export const delayed = async (timeout) => {};"),
    fine("a name with sleep", "export async function sleepFor(timeout) {}"),
    fine(
      "a name with debounce",
      "export async function debounce(f, waitMs) {}",
    ),
    fine("a name with throttle", "export async function throttled(waitMs) {}"),
    fine("a name with watchdog", "export async function watchdog(timeout) {}"),
    fine("a private member", "export class A { private async f(timeout) {} }"),
    fine(
      "a protected member",
      "export class A { protected async f(timeout) {} }",
    ),
    fine("a # member", "export class A { async #f(timeout) {} }"),
    fine("a _ member", "export class A { async _f(timeout) {} }"),
    fine(
      "an override",
      "export class A extends B { override async f(timeout) {} }",
    ),
    fine(
      "a class that implements an interface",
      "export class A implements B { async f(timeout) {} }",
    ),
    fine("a constructor", "export class A { constructor(timeout) {} }"),
    fine("a setter", "export class A { set x(timeout) {} }"),
    fine("a synchronous function", "export function f(timeout) {}"),
    fine(
      "another return type",
      "export function f(timeout): Job { return g(); }",
    ),
    fine("a function that is not exported", "async function f(timeout) {}"),
    fine("a class that is not exported", "class A { async f(timeout) {} }"),
    fine("another name", "export async function f(timeouts, timer, ms) {}"),
    fine("a signal of the parent is not looked for", "export const x = 1;"),
    fine(
      "names that lead back to themselves",
      "const a = b, b = a; export { a };",
    ),
  ],
  invalid: [
    wrong(
      "a function that waits for something else, too, than the current task",
      'import { sleep } from "@mdc/tasks"; export async function call(timeout) { await sleep(timeout); await load(); }',
      (code) => [
        error(code, "call(«timeout»)", "timeoutOnly", {
          parameter: "timeout",
          name: "call",
        }),
      ],
    ),
    wrong(
      "a method of a class that can't be closed",
      "export class Latest { open() {} async call(timeout) {} }",
      (code) => [
        error(code, "timeout", "timeoutOnly", {
          parameter: "timeout",
          name: "call",
        }),
      ],
    ),

    limitedBy("a positional parameter", "method: string, timeout", "timeout"),
    limitedBy(
      "with an annotation",
      "timeout: number",
      "timeout: number",
      "timeout",
    ),
    limitedBy("with a default", "timeout = 5", "timeout"),
    limitedBy("timeoutMs", "timeoutMs", "timeoutMs"),
    limitedBy("timeoutMillis", "timeoutMillis", "timeoutMillis"),
    limitedBy("timeoutSecs", "timeoutSecs", "timeoutSecs"),
    limitedBy("timeoutSeconds", "timeoutSeconds", "timeoutSeconds"),
    limitedBy("timeoutInMs", "timeoutInMs", "timeoutInMs"),
    limitedBy("timeout_ms", "timeout_ms", "timeout_ms"),
    limitedBy("waitMs", "waitMs", "waitMs"),
    limitedBy("maxWaitMs", "maxWaitMs", "maxWaitMs"),
    limitedBy("in a pattern", "{ retries, timeout }", "timeout"),
    limitedBy(
      "in a pattern with a default",
      "{ timeout = 5 } = {}",
      "timeout = 5",
      "timeout",
    ),
    limitedBy(
      "in a pattern under another name",
      "{ timeoutMs: ms }",
      "timeoutMs: ms",
      "timeoutMs",
    ),
    limitedBy(
      "in a pattern with its type",
      "{ timeout }: { retries?: number }",
      "timeout",
    ),
    limitedBy(
      "in an inline options type",
      "url: string, options: { timeout?: number } = {}",
      "timeout?: number",
      "timeout",
    ),
    limited(
      "in an interface of this file",
      `interface O { timeout?: number } ${taking("o: O")}`,
      "timeout?: number",
    ),
    limited(
      "in a type of this file, through Partial",
      `type O = { waitMs: number; }; ${taking("o: Partial<O>")}`,
      "waitMs: number;",
      "waitMs",
    ),
    limited(
      "an options type of two functions is reported once",
      "interface O { timeout?: number } export async function a(o: O) {} export async function b(o: O) {}",
      "timeout?: number",
      "timeout",
      "a",
    ),
    limitedBy(
      "a parameter of another type does not cancel",
      "url: URL, timeout",
      "timeout",
    ),
    limitedBy(
      "a client of an imported type is no options object",
      "client: Client, timeout",
      "timeout",
    ),
    limited(
      "a constant with an arrow",
      "export const call = async (timeout) => {};",
      "timeout",
    ),
    limited(
      "a constant with a function",
      "export const call = async function (timeout) {};",
      "timeout",
    ),
    limited(
      "a default export",
      "export default async function (timeout) {}",
      "timeout",
      "timeout",
      "default",
    ),
    limited(
      "a default export by name",
      "async function call(timeout) {} export default call;",
      "timeout",
    ),
    limited(
      "export { f }",
      "const call = async (timeout) => {}; export { call as send };",
      "timeout",
    ),
    limited(
      "a public method of an exported class",
      "export class A { async call(timeout) {} }",
      "timeout",
    ),
    limited(
      "a static method",
      "export default class { static async call(timeout) {} }",
      "timeout",
    ),
    limited(
      "a function-valued field",
      "export class A { call = async (timeout) => {}; }",
      "timeout",
    ),
    limited(
      "a method of a class that is exported by name",
      "class A { async call(timeout) {} } export { A };",
      "timeout",
    ),
    limited(
      "annotated Promise",
      "export function call(timeout): Promise<void> { return g(); }",
      "timeout",
    ),
    limited(
      "annotated PromiseLike",
      "export function call(timeout): PromiseLike<void> { return g(); }",
      "timeout",
    ),
    limited(
      "an async generator",
      "export async function* call(timeout) {}",
      "timeout",
    ),
    limited(
      "annotated AsyncGenerator",
      "export function call(timeout): AsyncGenerator<number> { return g(); }",
      "timeout",
    ),
    limited(
      "annotated AsyncIterable",
      "export function call(timeout): AsyncIterable<number> { return g(); }",
      "timeout",
    ),
    limited(
      "overloads without a signal",
      "export async function call(a: string): Promise<void>; export async function call(a: string, b?: number): Promise<void>; export async function call(a: string, timeout?: number) {}",
      "timeout?: number",
    ),
    wrong(
      "each of several limits",
      taking("timeoutMs, waitMs"),
      (code) =>
        ["timeoutMs", "waitMs"].map((parameter) =>
          error(code, parameter, "timeoutOnly", { parameter, name: "call" })
        ),
    ),
  ],
});
