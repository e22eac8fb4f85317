// Handing in. The answers go by fetch, so that no entry of the browser's history holds them: after the receipt
// there is nothing to go back to. A telephone that loses its net loses nothing.
import { answers, made } from "./review.js";

const PATIENCE = 60_000; // ms; hand-ins wait for each other, and for a closing under way

async function send(form) {
  const body = new URLSearchParams(new FormData(form));
  const response = await fetch(form.action, { method: "POST", body, signal: AbortSignal.timeout(PATIENCE) });
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { status: response.status, page };
}

// Takes the place of the present page, whose address then asks for a code and nothing else.
function show(page, address) {
  document.title = page.title;
  document.body.classList.remove("stepping");
  for (const part of ["header", "main"]) document.querySelector(part).replaceWith(page.querySelector(part));
  if (address) history.replaceState(null, "", address);
  const place = document.getElementById("problems") ?? document.querySelector("h1");
  place.tabIndex = -1;
  scrollTo(0, 0);
  place.focus();
}

// Tell beside the button why the answer is not received; all that was filled in stands where it stood.
function refuse(title, lines) {
  const box = document.getElementById("refused");
  box.replaceChildren(made("p", title, { className: "title" }), ...lines.map((line) => made("p", line)));
  box.hidden = false;
  box.focus();
}

export async function handIn(form, draft, begin) {
  const button = document.getElementById("hand-in");
  const words = form.dataset;
  document.getElementById("refused").hidden = true;
  button.disabled = true;
  try {
    const { status, page } = await send(form);
    if (status === 200) {
      // Received, or received before: either way there is an answer, and no draft of it any more.
      draft?.clear();
      show(page, words.open);
    } else if (status === 422) {
      show(page);
      await begin();
    } else if (status === 410) {
      // Not received, and no code opens it again: it may be read here until the page is left.
      draft?.clear();
      const kept = made("ul", answers(form, words, { links: false }), { className: "rows" });
      show(page, words.open);
      document.querySelector("main").append(made("details", [made("summary", words.read), made("p", words.until), kept]));
    } else {
      const lines = [...page.querySelectorAll("main p")].map((line) => line.textContent);
      refuse(page.querySelector("h1")?.textContent ?? words.unsent, lines);
    }
  } catch {
    refuse(words.unsent, [words.retry]);
  } finally {
    button.disabled = false;
  }
}

// The same form in the other language: only the code is sent, the draft brings the answers along.
export function changeLanguage(form, lang) {
  const other = made("form", [], { method: "post", action: form.dataset.open });
  for (const [name, value] of [["code", form.elements.code.value], ["lang", lang]]) {
    other.append(made("input", [], { type: "hidden", name, value }));
  }
  document.body.append(other);
  other.submit();
}
