/**
 * Measures one case in this process and prints the comparison as JSON.
 * Usage: case.ts <case> <rounds> [no-context]
 */
import process from "node:process";
import { configure } from "../mod.ts";
import { compare, type Pair } from "./_measure.ts";
import { chain, deepChain, wide } from "./cases/fan_out.ts";
import {
  contextBatch,
  contextSequence,
  trackedBatch,
  trackedSequence,
} from "./cases/floors.ts";
import { mapping } from "./cases/mapping.ts";
import { pending, rejectablePending } from "./cases/pending.ts";
import { pingPong, pingPongInTasks } from "./cases/ping_pong.ts";
import { trivialBatch, trivialSequence } from "./cases/trivial.ts";

const CASES: Readonly<Record<string, () => Pair>> = {
  chain,
  contextBatch,
  contextSequence,
  mapping,
  pending,
  pingPong,
  pingPongInTasks,
  rejectablePending,
  trackedBatch,
  trackedSequence,
  trivialBatch,
  trivialSequence,
  wide,
};

const WARMUPS = 2;

const [name = "", rounds = "9", context] = process.argv.slice(2);
const make = CASES[name];
if (make === undefined) throw new Error(`There is no case "${name}"`);
configure({ taskContext: context !== "no-context" });
if (name === "chain") deepChain();
console.log(JSON.stringify(await compare(make(), Number(rounds), WARMUPS)));
