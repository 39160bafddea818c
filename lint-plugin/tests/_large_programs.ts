/** Programs of any size, full of what rules look at. */

/** A kind of program by name: the text for a number of parts. */
export const LARGE: { readonly [kind: string]: (parts: number) => string } = {
  "functions side by side": (parts) => SHARED + repeat(parts, writeFunctions),
  "functions in a function": (parts) =>
    `(async function (signal) {${SHARED}${
      repeat(parts, writeFunctions).replaceAll("export ", "")
    }})();`,
  "methods of a class": (parts) =>
    `export class X {\n${repeat(parts, writeMethods)}\n}`,
  "statements of a function": (parts) =>
    `export async function f(signal, lock, url) {
  const own = new AbortController();
  let sum = 0;
  try {\n${repeat(parts, writeStatements)}
  } catch (error) { console.log(error, sum); }
}`,
  "listeners with one handler": (parts) =>
    `export function f(signal) {
  const own = new AbortController();
  const stop = () => own.abort();
${repeat(parts, () => `  signal.addEventListener("abort", stop);`)}
}`,
  "listeners with one method": (parts) =>
    `export class X {
  own = new AbortController();
  stop() { this.own.abort(); }
  m(signal) {
${
      repeat(
        parts,
        () => `    signal.addEventListener("abort", this.stop.bind(this));`,
      )
    }
  }
}`,
  "a minified line": (parts) => repeat(parts, writeDense).replaceAll("\n", ""),
};

const SHARED = "let state = {}, shared, timeout, counter = 0;\n";

function repeat(parts: number, write: (index: number, next: number) => string) {
  return Array.from(
    { length: parts },
    (_, index) => write(index, (index * 7 + 1) % parts),
  ).join("\n");
}

function writeFunctions(index: number, next: number): string {
  return `
async function load${index}(url, { signal, limit } = {}) {
  const own${index} = new AbortController();
  const timer = setTimeout(() => own${index}.abort(), limit);
  signal?.addEventListener("abort", () => own${index}.abort());
  try {
    for (const each of await list(url)) { await work${index}(each); }
    work${index}(url).then((x) => done${index}.resolve(x));
    return fetch(url);
  } catch (error) {
    if (error.name === "AbortError") return null;
    if (signal.aborted) throw new Error("aborted");
    console.warn(error);
  } finally { clearTimeout(timer); await shared.close({ signal }); }
}
function work${index}(x) { return load${next}(x, { signal: shared.signal }); }
export const run${index} = async (lock, items) => {
  await lock.acquire();
  items.forEach(async (x) => { await work${index}(x); });
  const late = new Promise((_, reject) => { timeout = setTimeout(reject, 5); });
  await Promise.race([work${index}(1), late]);
  while (!state.done) await sleep(50);
  lock.release();
  load${index}(1); counter++;
};`;
}

function writeMethods(index: number, next: number): string {
  return `  async m${index}(a, signal) {
    this.m${next}(a);
    this.signal.addEventListener("abort", () => this.stop${index}());
    try { await this.m${next}(a, { signal }); } catch (e) { this.log(e); }
    while (this.x) { await this.next(); }
    this.stop${index}();
  }
  stop${index}() { this.controller.abort(); this.resolve(); }`;
}

function writeStatements(index: number): string {
  return `    await g(${index}, own.signal); sum = sum + ${index}; lock.acquire();
    h(sum).then(() => sum++);
    signal.addEventListener("abort", () => sum++);
    if (sum > ${index}) { own.abort(); lock.release(); }`;
}

function writeDense(index: number, next: number): string {
  return `var a${index}=async(t,e)=>{if(e.aborted)throw e.reason;try{let r=await t(e);return b(r,a${next})}catch(n){return null}},b${index}=function(t){return new Promise((e,r)=>{t.signal.addEventListener("abort",()=>{r(new Error("x"))});c(t).then(e)})};a${index}(b${next});`;
}
