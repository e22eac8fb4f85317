// A gentle word beside a comment that seems to hold what it should not. It hinders nothing and is sent nowhere.
const LONG = 200; // characters left when they begin to be told
const PAUSE = 600; // ms without a key: a screen reader is not to be told at every letter
const MONTHS = "jan|feb|mar|apr|ma[jy]|jun|jul|aug|sep|o[kc]t|nov|dec";

// One person's words: "patienter" and "patientsäkerhet" are of the work, "patienten" is of somebody.
const SIGNS = {
  number: /(?<!\d)(?:19|20)?\d{6}[-+ ]?\d{4}(?!\d)/,
  phone: /(?<![\d-])(?:\+\d{2}|0)[ -]?\d{1,3}(?:[ -]?\d){5,8}(?!\d)/,
  email: /\S@\S+\.\p{L}{2,}/u,
  patient: /(?<!\p{L})(?:patient(?:en|ens|s)?(?!\p{L})|pat\.)/iu,
  name: /(?<!\p{L})(?:(?:dr\.?|Dr\.?|[Dd]oktor|[Dd]octor|[Pp]rof\.?|[Pp]rofessor)\s+\p{Lu}\p{Ll}+|\p{Lu}\p{Ll}+[ -]\p{Lu}\p{Ll}+)/u,
  date: new RegExp(
    String.raw`(?<![\d/])(?:(?:19|20)\d\d-\d\d?-\d\d?|(?!24/7)(?:[12]?\d|3[01])/(?:1[0-2]|[1-9])|\d{1,2}\.\d{1,2}\.\d{2,4})(?![\d/])` +
      String.raw`|(?<!\p{L})(?:\d{1,2}(?::e)? (?:${MONTHS})\p{L}*|(?:${MONTHS})[a-z]* \d{1,2})(?![\p{L}\d])`,
    "iu",
  ),
};

// The kinds of things that a text seems to hold. A number of ten digits is told once.
export function seen(written) {
  const found = Object.keys(SIGNS).filter((kind) => SIGNS[kind].test(written));
  return found.includes("number") ? found.filter((kind) => kind !== "phone" && kind !== "date") : found;
}

export function hinting(form) {
  const words = form.dataset;
  for (const field of form.querySelectorAll("textarea")) {
    const note = document.getElementById(`${field.name}-note`);
    let timer = 0;
    const tell = () => {
      const left = field.maxLength - field.value.length;
      const said = seen(field.value).map((kind) => words[kind]);
      if (left <= LONG) said.push(words.characters.replace("{n}", Math.max(left, 0)));
      const all = said.join("\n");
      if (note.textContent !== all) note.textContent = all;
    };
    field.addEventListener("input", () => {
      clearTimeout(timer);
      timer = setTimeout(tell, PAUSE);
    });
    field.addEventListener("blur", tell);
  }
}
