/** A response that no form of ours sends. */
export class ResponseError extends Error {}

/** A response that is no number, or reads in two ways; `readings` are the two, each written so that it is clear. */
export class UnclearError extends Error {
  constructor(message, readings = []) {
    super(message);
    this.readings = readings;
  }
}
