// The questionnaire where scripts run. Without them it is one long form, and works.
import { hinting } from "./comments.js";
import { fillIn, filled, openDraft } from "./draft.js";
import { answers, lacking, made } from "./review.js";
import { changeLanguage, handIn } from "./sending.js";
import { stepping } from "./steps.js";

async function begin() {
  const form = document.getElementById("questions");
  const review = document.getElementById("review");
  if (!form) return;
  let draft = await openDraft(form.elements.code.value);
  const kept = await draft?.read();
  let unsaved = false;

  // What is missing, and what was answered, as it stands now.
  const look = () => {
    const open = lacking(form);
    const words = form.dataset;
    const title = open.length === 1 ? words.one : words.many.replace("{n}", open.length);
    const box = made("div", [made("p", title, { className: "title" }), made("ul", open)], { className: "notice", id: "lacking", tabIndex: -1 });
    const list = made("ul", answers(form, words, { links: true }), { className: "rows" });
    review.replaceChildren(...(open.length ? [box] : []), list);
    return open.length;
  };
  const unkept = () => {
    draft = null;
    document.getElementById("unkept").hidden = false;
  };
  const save = async () => {
    try {
      await draft?.write({ values: filled(form), step: steps.here(), lang: document.documentElement.lang });
    } catch {
      unkept(); // the storage is full
    }
    unsaved = !draft;
  };
  const steps = stepping(form, (step) => {
    if (step.contains(review)) look();
    if (step.dataset.step !== "start") save();
  });

  if (!draft) unkept();
  if (kept) {
    fillIn(form, kept.values);
    document.getElementById("kept").hidden = kept.lang !== document.documentElement.lang;
  }
  hinting(form);
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.localName === "input") event.preventDefault();
  });
  form.addEventListener("input", save);
  form.addEventListener("change", (event) => {
    const wrong = event.target.closest(".wrong");
    wrong?.querySelector(".error")?.remove();
    wrong?.classList.remove("wrong");
    for (const each of [wrong, event.target]) each?.removeAttribute("aria-invalid");
    steps.count();
    save();
  });
  form.addEventListener("submit", async (event) => {
    const lang = event.submitter?.name === "byt_sprak" && event.submitter.value;
    if (lang && !draft) {
      unsaved = false;
      return; // the server gives the form back with every answer
    }
    event.preventDefault();
    if (lang) {
      await save();
      if (draft) changeLanguage(form, lang);
      else form.requestSubmit(event.submitter);
    } else if (look()) {
      document.getElementById("lacking").focus();
    } else {
      await handIn(form, draft, begin);
    }
  });
  addEventListener("beforeunload", (event) => {
    if (unsaved && form.isConnected) event.preventDefault();
  });
  review.closest(".step").querySelector("h2").hidden = false;
  steps.begin(kept?.step);
}

begin();
