/** Thrown by every assertion that doesn't hold. */
export class AssertionError extends Error {
  /** Creates the error; the message says which assertion didn't hold. */
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "AssertionError";
  }
}
