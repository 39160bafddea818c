// What the typed cases import: nothing here can be known without types.
export interface Options {
  signal?: AbortSignal;
  name?: string;
}

export interface KillOptions {
  signal?: "SIGINT" | "SIGKILL";
}

export interface Query {
  then(done: (rows: string[]) => void): void;
}

export interface Loader {
  load(name: string, options?: Options): Promise<string>;
  start?(): Promise<void>;
}

export declare function delay(ms: number, options?: Options): Promise<void>;
export declare function open(name: string, signal?: AbortSignal): Promise<void>;
export declare function job(name: string): Promise<string>;
export declare function job(name: string, signal: AbortSignal): Promise<string>;
export declare function ask(name: string): string;
export declare function ask(id: number, options: Options): string;
export declare function query(sql: string): Query;
export declare function sync(name: string): string;
export declare function maybe(name: string): Promise<void> | undefined;
export declare function reactive(options: { signal: { value: number } }): void;
export declare function loose(value: unknown, ...rest: any[]): any;
export declare function getStop(): AbortSignal;
export declare const loader: Loader;
export declare const schema: { catch(value: string): { parse(): void } };
export declare const anything: any;
