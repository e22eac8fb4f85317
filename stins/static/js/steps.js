// One area at a time. The fragment of the address says where one is ("#del-C", "#q-C4"), so that links, the
// browser's Back and a reload all work, and nothing that was answered stands in it. A step's name is no element's id:
// the browser would scroll there by itself, after the focus has moved.
const SECONDS = 7; // to read a statement of eleven words, the catalogue's mean, and to choose

export const missing = (form) => [...form.querySelectorAll(".question")].filter((question) => !question.querySelector(":checked"));

// `changed` is told the step that is shown.
export function stepping(form, changed) {
  const steps = [...form.querySelectorAll(".step")];
  const areas = steps.filter((step) => "area" in step.dataset);
  const bar = document.getElementById("left");
  const [where, left, time] = bar.children[0].children;
  const meter = bar.querySelector("progress");
  const done = document.getElementById("done");
  const ways = document.getElementById("ways");
  const [back, next] = ways.children;
  const problems = document.getElementById("problems");
  const called = (name) => steps.find((step) => step.dataset.step === name);
  let current = null;

  const count = () => {
    const open = missing(form);
    const minutes = Math.ceil((open.length * SECONDS) / 60); // whole ones: more would be false precision
    const number = areas.indexOf(current) + 1;
    where.textContent = number ? bar.dataset.area.replace("{i}", number) : "";
    left.hidden = !open.length;
    left.textContent = bar.dataset.left.replace("{n}", open.length);
    const here = steps.indexOf(current);
    const ahead = open.find((question) => steps.indexOf(question.closest(".step")) >= here) ?? open[0];
    if (ahead) left.href = `#${ahead.id}`;
    time.textContent = !open.length ? bar.dataset.done : minutes === 1 ? bar.dataset.minute : bar.dataset.minutes.replace("{n}", minutes);
    meter.value = meter.max - open.length;
    const said = open.length ? "" : bar.dataset.done;
    if (done.textContent !== said) done.textContent = said;
  };

  const show = (step) => {
    const [before, after] = [-1, 1].map((way) => steps[steps.indexOf(step) + way]);
    current = step;
    for (const each of steps) each.hidden = each !== step;
    document.body.classList.toggle("stepping", Boolean(before));
    bar.hidden = !before;
    back.hidden = !before;
    next.hidden = !after;
    if (before) back.href = `#${before.dataset.step}`;
    if (after) next.href = `#${after.dataset.step}`;
    next.textContent = !before ? ways.dataset.begin : after === steps.at(-1) ? ways.dataset.review : ways.dataset.next;
    count();
    changed(step);
  };

  // Focus follows: to the question that was asked for, else to the heading of the area.
  const go = (step, target) => {
    if (step !== current) show(step);
    if (problems) problems.hidden = true;
    if (target) {
      target.scrollIntoView();
      target.focus();
    } else {
      scrollTo(0, 0);
      (step.querySelector("h2[tabindex]") ?? document.querySelector("h1")).focus({ preventScroll: true });
    }
  };

  const follow = () => {
    if (!form.isConnected) return null;
    const name = location.hash.slice(1);
    const step = name ? called(name) : steps[0];
    const target = document.getElementById(name);
    const holding = step ?? target?.closest(".step");
    if (holding) go(holding, target);
    return holding;
  };

  history.scrollRestoration = "manual";
  ways.hidden = false;
  addEventListener("hashchange", follow);
  return {
    count,
    // Begin where the address says, else where `kept` says, else at the promise.
    begin(kept) {
      if (problems) show(steps.at(-1));
      else if (!location.hash || !follow()) {
        show(steps[0]);
        if (kept && called(kept) !== current) location.replace(`#${kept}`);
      }
    },
    here: () => current.dataset.step,
  };
}
