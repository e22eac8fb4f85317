// What was answered, before it is handed in: built in the page from the page, sent nowhere.
import { missing } from "./steps.js";

export function made(tag, content, more = {}) {
  const element = Object.assign(document.createElement(tag), more);
  element.append(...[content].flat());
  return element;
}

const text = (element) => element.textContent.trim().replace(/\s+/g, " ");
const item = (id, what) => made("li", made("a", what, { href: `#${id}` }));

// Links to everything that is still to do.
export function lacking(form) {
  const tick = form.querySelector("#understood:not(:checked)");
  const open = missing(form).map((question) => item(question.id, text(question.querySelector("legend"))));
  return tick ? [item(tick.id, text(tick.closest("label"))), ...open] : open;
}

// What was chosen in a step, question by question.
function chosen(step) {
  const lines = [];
  for (const question of step.querySelectorAll(".question")) {
    const answer = question.querySelector(":checked");
    if (answer) lines.push(made("li", [`${text(question.querySelector("legend"))} `, made("b", text(answer.closest("label")))]));
  }
  return made("ul", lines, { className: "rows" });
}

function comments(step) {
  return [...step.querySelectorAll("textarea")].filter((field) => field.value.trim()).flatMap((field) => [
    made("p", text(field.labels[0]), { className: "hint" }),
    made("blockquote", field.value),
  ]);
}

// The answers of all areas; with `links` each has one that leads back to change them.
export function answers(form, words, { links }) {
  return [...form.querySelectorAll(".step")].filter((step) => step.querySelector(".question, textarea")).map((step) => {
    const all = step.querySelectorAll(".question").length;
    const open = missing(step).length;
    const name = text(step.querySelector("h2"));
    const change = made("a", words.change, { href: `#${step.dataset.step}` });
    change.setAttribute("aria-label", `${words.change}: ${name}`);
    const parts = [made("div", [made(links ? "h3" : "h2", name), ...(links ? [change] : [])], { className: "row" })];
    const told = words.answered.replace("{n}", all - open).replace("{all}", all);
    if (all > open) parts.push(made("details", [made("summary", told), chosen(step)]));
    else if (all) parts.push(made("p", told));
    return made("li", [...parts, ...comments(step)]);
  });
}
