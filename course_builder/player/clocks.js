// Turns times in UTC into the reader's own, and dates into "today" and "yesterday".

import { within } from "./within.js";

const DAY_MS = 86_400_000;

/** Say a time in words of the page's language. */
export function clock(at) {
  const language = document.documentElement.lang;
  return new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
}

function startOfDay(at) {
  return new Date(at.getFullYear(), at.getMonth(), at.getDate());
}

function day(at) {
  const language = document.documentElement.lang;
  const days = Math.round((startOfDay(at) - startOfDay(new Date())) / DAY_MS);
  if (days > -2) {
    return `${new Intl.RelativeTimeFormat(language, { numeric: "auto" }).format(days, "day")} ${clock(at)}`;
  }
  return new Intl.DateTimeFormat(language, { day: "numeric", month: "long", year: "numeric" }).format(at);
}

/** Rewrite the times of a part of the page. */
export function showLocalTimes(root) {
  for (const time of within(root, "time[data-clock]")) {
    time.textContent = clock(new Date(time.dateTime));
  }
  for (const time of within(root, "time[data-day]")) {
    time.textContent = day(new Date(time.dateTime));
  }
}
