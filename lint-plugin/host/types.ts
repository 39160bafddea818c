/**
 * What types say about a file, where the host has them.
 *
 * Only ESLint with `@typescript-eslint/parser` and a project has a program. Its
 * interfaces are described here as far as they are used, because the plugin must
 * not import `typescript`: hosts without types would have to install it.
 */

/** Where a callee takes a signal: which argument, and in what form. */
export interface SignalSlot {
  /** The index of the argument. */
  readonly argument: number;
  /** A member `signal` of an options object, or the signal itself. */
  readonly form: "options" | "positional";
  /** The member of the options, where it isn't called `signal`. */
  readonly key?: string;
}

/** What a rule can ask about types. Undefined: the type says nothing. */
export interface TypeService {
  /** Whether the value has a `then` that takes a callback. */
  isThenable(node: object): boolean | undefined;
  /** Whether the value is there and has a `catch`. */
  hasCatch(node: object): boolean | undefined;
  /** Whether the value is an `AbortSignal`, or one or nothing. */
  isAbortSignal(node: object): boolean | undefined;
  /** The member that holds a signal: `"signal"`; null where there is none. */
  getSignalKey(node: object): string | null | undefined;
  /** Where the called signature, or an overload with one more, takes one. */
  getSignalSlot(call: object): SignalSlot | undefined;
}

interface TypeSymbol {
  readonly name: string;
}

interface Signature {
  readonly parameters: readonly TypeSymbol[];
}

interface Type {
  /** `"any"`, `"error"`, `"unknown"`, … for the types that have no structure. */
  readonly intrinsicName?: string;
  /** The parts of a union or intersection. */
  readonly types?: readonly Type[];
  isUnion(): boolean;
  getCallSignatures(): readonly Signature[];
}

interface TypeChecker {
  getApparentType(type: Type): Type;
  getNonNullableType(type: Type): Type;
  getPropertyOfType(type: Type, name: string): TypeSymbol | undefined;
  getResolvedSignature(node: object): Signature | undefined;
  getTypeOfSymbolAtLocation(symbol: TypeSymbol, node: object): Type;
  typeToString(type: Type): string;
}

interface ParserServices {
  readonly program: { getTypeChecker(): TypeChecker };
  readonly esTreeNodeToTSNodeMap: { get(node: object): object | undefined };
  getTypeAtLocation(node: object): Type;
}

/** Members of options objects that hold a signal. */
export const SIGNAL_KEYS: readonly string[] = [
  "signal",
  "abortSignal",
  "cancelSignal",
];

const services = new WeakMap<object, TypeService>();

/** The type service of a file; undefined in a host without types. */
export function getTypeService(sourceCode: object): TypeService | undefined {
  const { parserServices } = sourceCode as { parserServices?: unknown };
  const parsed = parserServices as Partial<ParserServices> | undefined;
  if (!parsed?.program || !parsed.getTypeAtLocation) return undefined;
  let service = services.get(sourceCode);
  if (!service) {
    service = new ProgramTypes(parsed as ParserServices);
    services.set(sourceCode, service);
  }
  return service;
}

/** Every method says undefined where the type says nothing. */
class ProgramTypes implements TypeService {
  readonly #services: ParserServices;
  readonly #checker: TypeChecker;

  constructor(parserServices: ParserServices) {
    this.#services = parserServices;
    this.#checker = parserServices.program.getTypeChecker();
  }

  isThenable(node: object): boolean | undefined {
    return this.#ask(node, (part, at) => this.#hasThen(part, at));
  }

  hasCatch(node: object): boolean | undefined {
    const type = this.#services.getTypeAtLocation(node);
    if (this.#checker.getNonNullableType(type) !== type) return false;
    const parts = this.#getParts(type);
    return parts.length === 0
      ? undefined
      : parts.every((part) =>
        this.#checker.getPropertyOfType(part, "catch") !== undefined
      );
  }

  isAbortSignal(node: object): boolean | undefined {
    return this.#ask(node, (part) => this.#isSignal(part));
  }

  getSignalKey(node: object): string | null | undefined {
    let key: string | undefined;
    const holds = this.#ask(node, (part, at) => {
      key = this.#getKey(part, at);
      return key !== undefined;
    });
    return holds ? key : holds === false ? null : undefined;
  }

  getSignalSlot(call: object): SignalSlot | undefined {
    const at = this.#services.esTreeNodeToTSNodeMap.get(call);
    if (!at) return undefined;
    const { callee, arguments: given } = call as unknown as {
      callee: object;
      arguments: readonly object[];
    };
    const resolved = this.#checker.getResolvedSignature(at);
    if (!resolved) return undefined;
    const all = this.#checker
      .getApparentType(this.#services.getTypeAtLocation(callee))
      .getCallSignatures();
    for (const signature of [resolved, ...all]) {
      const slot = this.#findSlot(signature, resolved, given.length, at);
      if (slot) return slot;
    }
    return undefined;
  }

  /**
   * The slot in the signature that the call has, or in an overload that only adds
   * a trailing parameter to it.
   */
  #findSlot(
    signature: Signature,
    resolved: Signature,
    given: number,
    at: object,
  ): SignalSlot | undefined {
    const types = this.#getParameterTypes(signature, at);
    for (const [argument, type] of types.entries()) {
      if (signature !== resolved && argument !== given) continue;
      if (!this.#startsLike(types, resolved, argument, at)) continue;
      const parts = this.#getParts(type);
      if (parts.length === 0) continue;
      if (argument >= given && parts.every((part) => this.#isSignal(part))) {
        return { argument, form: "positional" };
      }
      const keys = new Set(parts.map((part) => this.#getKey(part, at)));
      const [key] = keys;
      if (keys.size === 1 && key !== undefined) {
        return { argument, form: "options", ...key !== "signal" && { key } };
      }
    }
    return undefined;
  }

  #getParameterTypes({ parameters }: Signature, at: object): Type[] {
    return parameters.map((each) =>
      this.#checker.getTypeOfSymbolAtLocation(each, at)
    );
  }

  #startsLike(
    types: readonly Type[],
    resolved: Signature,
    length: number,
    at: object,
  ): boolean {
    const own = this.#getParameterTypes(resolved, at);
    return types.slice(0, length).every((type, index) => {
      const other = own[index];
      return other !== undefined &&
        this.#checker.typeToString(type) === this.#checker.typeToString(other);
    });
  }

  #ask(
    node: object,
    holds: (part: Type, at: object) => boolean,
  ): boolean | undefined {
    const at = this.#services.esTreeNodeToTSNodeMap.get(node);
    if (!at) return undefined;
    const parts = this.#getParts(this.#services.getTypeAtLocation(node));
    return parts.length === 0
      ? undefined
      : parts.some((part) => holds(part, at));
  }

  /** The parts of the type that are something; none if one could be anything. */
  #getParts(type: Type): Type[] {
    const whole = this.#checker.getNonNullableType(type);
    const all = whole.isUnion() ? whole.types ?? [] : [whole];
    const parts = all.map((each) => this.#checker.getApparentType(each));
    return parts.some(({ intrinsicName = "" }) =>
        /^(?:any|error|unknown|never|unresolved)$/.test(intrinsicName)
      )
      ? []
      : parts;
  }

  #hasThen(type: Type, at: object): boolean {
    const then = this.#getMember(type, "then", at);
    return then?.getCallSignatures().some((signature) => {
      const [callback] = this.#getParameterTypes(signature, at);
      return callback !== undefined &&
        this.#getParts(callback).some((part) =>
          part.getCallSignatures().length > 0
        );
    }) ?? false;
  }

  /** The member that is a signal, whatever its name is of the usual ones. */
  #getKey(type: Type, at: object): string | undefined {
    return SIGNAL_KEYS.find((key) => {
      const member = this.#getMember(type, key, at);
      const parts = member ? this.#getParts(member) : [];
      return parts.length > 0 && parts.every((part) => this.#isSignal(part));
    });
  }

  #getMember(type: Type, name: string, at: object): Type | undefined {
    const symbol = this.#checker.getPropertyOfType(type, name);
    return symbol && this.#checker.getNonNullableType(
      this.#checker.getTypeOfSymbolAtLocation(symbol, at),
    );
  }

  /** By its members, because each library may declare a type of its own. */
  #isSignal(type: Type): boolean {
    return ["aborted", "reason", "throwIfAborted", "addEventListener"].every(
      (name) => this.#checker.getPropertyOfType(type, name) !== undefined,
    );
  }
}
