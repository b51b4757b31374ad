// Which letters are a language's own; the table of course_builder/scoring/letters.py, which says where they come from.

export const OWN = {
  fi: "åäöšž",
  sv: "åäöàé",
  et: "äöõüšž",
  lv: "āčēģīķļņšūž",
  lt: "ąčęėįšųūž",
  pl: "ąćęłńóśźż",
  de: "äöüß",
  da: "æøå",
  nb: "æøåàéóòô",
  nn: "æøåàéóòô",
  no: "æøåàéóòô",
  is: "áðéíóúýþæö",
  fo: "áðíóúýæø",
  se: "áčđŋšŧž",
  ru: "й",
  uk: "йїґ",
  bg: "й",
  el: "",
  en: "",
  cs: "áčďéěíňóřšťúůýž",
  sk: "áäčďéíĺľňóôŕšťúýž",
  sl: "čšž",
  hr: "čćđšž",
  hu: "áéíóöőúüű",
  ro: "ăâîșț",
  fr: "àâæçéèêëîïôœùûüÿ",
  es: "áéíñóúü",
  pt: "áàâãçéêíóòôõú",
  it: "àéèìòù",
  nl: "áäéëíïóöúü",
  ga: "áéíóú",
  mt: "àċèġħìòùż",
};

export const PLAIN = {
  æ: "ae",
  œ: "oe",
  ø: "o",
  ß: "ss",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ł: "l",
  ŋ: "n",
  ŧ: "t",
  ſ: "s",
};

/** Give a language's own letters, or null if nothing is known. */
export function ownLetters(language) {
  const name = language.toLowerCase().split("-")[0];
  return Object.hasOwn(OWN, name) ? new Set(OWN[name]) : null;
}
