// Numbers as people type them: decimal comma or point, thousands apart or not, a sign, an exponent, the unit.

import { UnclearError } from "./errors.js";
import { Fraction, ONE, ZERO } from "./fraction.js";
import { readText, tidy } from "./text.js";

const NUMBER = /^([+-]?) ?([0-9., ]+)(?:[eE]([+-]?[0-9]{1,3}))?$/;
const SPACED = /^[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?$/;
const GROUPED = /^[1-9][0-9]{0,2}(?:(?:,[0-9]{3})+(?:\.[0-9]+)?|(?:\.[0-9]{3})+(?:,[0-9]+)?)$/;
const DECIMAL = /^(?:[0-9]+[.,]?|[0-9]*[.,][0-9]+)$/;

/** Judge a number; one that reads in two ways is asked back, unless it is worth the same in both. */
export function judgeNumber(key, response) {
  const text = readText(response);
  if (!tidy(text)) return { share: ZERO, isAnswered: false };
  const readings = readNumber(text, key.unit);
  const verdicts = new Set([...readings.values()].map((value) => isRight(key.number, value)));
  if (verdicts.size > 1) throw unclear(tidy(text), [...readings.keys()]);
  return { share: verdicts.has(true) ? ONE : ZERO };
}

/** Read a number, by each way of writing it that is clear; there are two where it reads in two ways. */
export function readNumber(text, unit = "") {
  let plain = tidy(text);
  const plainUnit = tidy(unit);
  if (plainUnit && plain.endsWith(plainUnit)) plain = plain.slice(0, -plainUnit.length).replace(/ +$/, "");
  const parts = NUMBER.exec(plain);
  if (!parts) throw noNumber(text);
  const [, sign, between, exponent] = parts;
  let digits = between.replace(/^ +| +$/g, "");
  const scale = powerOfTen(Number(exponent ?? 0)).times(sign === "-" ? -1 : 1);
  const written = (number) => `${sign}${number}${exponent ? `e${exponent}` : ""}`;
  const values = new Map();
  if (GROUPED.test(digits)) {
    // A second separator leaves no doubt which of them is the decimal one.
    const first = /[,.]/.exec(digits)[0];
    const grouped = digits.replaceAll(first, "").replaceAll(",", ".");
    values.set(written(grouped), Fraction.of(grouped).times(scale));
    if (digits.split(first).length > 2 || grouped.includes(".")) return values;
  } else if (SPACED.test(digits)) {
    digits = digits.replaceAll(" ", "");
  } else if (!DECIMAL.test(digits)) {
    throw noNumber(text);
  }
  values.set(written(clearly(digits)), Fraction.of(`0${digits.replaceAll(",", ".")}`).times(scale));
  return values;
}

/** Write a decimal number so that its separator cannot be one of thousands: `1,5` for `1,500`. */
function clearly(digits) {
  const separator = /[,.]/.exec(digits)?.[0];
  if (!separator) return digits;
  const [whole, all] = digits.split(separator);
  const decimals = all.replace(/0+$/, "");
  if (!decimals) return whole || "0";
  return `${whole}${separator}${decimals}${decimals.length === 3 ? "0" : ""}`;
}

function powerOfTen(exponent) {
  const power = new Fraction(10n ** BigInt(Math.abs(exponent)));
  return exponent < 0 ? ONE.dividedBy(power) : power;
}

function isRight({ answer = null, tolerance = "0", minimum = null, maximum = null }, value) {
  if (answer !== null) {
    const off = value.minus(answer);
    return off.compare(tolerance) <= 0 && off.times(-1).compare(tolerance) <= 0;
  }
  return (minimum === null || value.compare(minimum) >= 0) && (maximum === null || value.compare(maximum) <= 0);
}

function shortened(text) {
  return [...text].slice(0, 40).join("");
}

function noNumber(text) {
  return new UnclearError(`“${shortened(tidy(text))}” is not a number.`);
}

function unclear(text, readings) {
  const separator = text.includes(",") ? "comma" : "point";
  return new UnclearError(
    `“${shortened(text)}” reads in two ways. Write ${readings[0]} if the ${separator} is between thousands, ` +
      `or ${readings[1]} if it is a decimal ${separator}.`,
    readings,
  );
}
