/** A node of the copy: plain data, with `parent` set and no `loc`. */
export interface PlainNode {
  type: string;
  range: [number, number];
  parent: PlainNode | undefined;
  [key: string]: unknown;
}

/** What `deno lint` hands to a rule: getters over a buffer, no own keys. */
export interface FacadeNode {
  readonly type: string;
  readonly range: readonly [number, number];
  readonly [key: string]: unknown;
}
