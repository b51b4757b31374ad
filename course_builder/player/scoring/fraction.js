// Exact numbers: a numerator and a positive denominator, in lowest terms.

function divisor(a, b) {
  while (b) [a, b] = [b, a % b];
  return a < 0n ? -a : a;
}

export class Fraction {
  constructor(numerator, denominator = 1n) {
    const sign = denominator < 0n ? -1n : 1n;
    const common = divisor(numerator, denominator) || 1n;
    this.numerator = (sign * numerator) / common;
    this.denominator = (sign * denominator) / common;
  }

  /** Read "-5", "5/2", "1.25" or an integer. */
  static of(value) {
    if (value instanceof Fraction) return value;
    const [top, bottom = "1"] = String(value).split("/");
    const [whole, decimals = ""] = top.split(".");
    return new Fraction(BigInt(whole + decimals), BigInt(bottom) * 10n ** BigInt(decimals.length));
  }

  plus(other) {
    const { numerator, denominator } = Fraction.of(other);
    return new Fraction(this.numerator * denominator + numerator * this.denominator, this.denominator * denominator);
  }

  minus(other) {
    return this.plus(Fraction.of(other).times(-1));
  }

  times(other) {
    const { numerator, denominator } = Fraction.of(other);
    return new Fraction(this.numerator * numerator, this.denominator * denominator);
  }

  dividedBy(other) {
    const { numerator, denominator } = Fraction.of(other);
    return new Fraction(this.numerator * denominator, this.denominator * numerator);
  }

  /** -1, 0 or 1: whether this is less than, equal to or greater than another. */
  compare(other) {
    const { numerator, denominator } = Fraction.of(other);
    const difference = this.numerator * denominator - numerator * this.denominator;
    return difference < 0n ? -1 : Number(difference > 0n);
  }

  toString() {
    return this.denominator === 1n ? String(this.numerator) : `${this.numerator}/${this.denominator}`;
  }
}

export const ZERO = new Fraction(0n);
export const ONE = new Fraction(1n);

/** Give `right` of `all`, or all or nothing. */
export function share(right, all, isByPart) {
  if (isByPart) return new Fraction(BigInt(right), BigInt(all));
  return right === all ? ONE : ZERO;
}

/** Keep a share that went below nothing at nothing. */
export function notBelowZero(fraction) {
  return fraction.compare(ZERO) < 0 ? ZERO : fraction;
}
