// Fills in the code from the slip's address, and tells how many questions are left. Keeps nothing.
const code = document.getElementById("code");
if (code) {
  const fill = () => {
    if (location.hash.length < 2) return;
    try {
      code.value = decodeURIComponent(location.hash.slice(1));
    } catch {
      return;
    }
    history.replaceState(null, "", location.pathname + location.search);
  };
  fill();
  addEventListener("hashchange", fill);
  // The other language keeps what was typed, in the fragment, which no server sees.
  const other = document.querySelector(".end a");
  if (other) other.addEventListener("click", () => { other.hash = code.value; });
}

const left = document.getElementById("left");
if (left) {
  const form = document.getElementById("questions");
  const questions = [...form.querySelectorAll(".question")];
  const text = left.querySelector("span");
  const bar = left.querySelector("progress");
  const done = document.getElementById("done");
  const count = () => {
    const missing = questions.filter((question) => !question.querySelector(":checked")).length;
    bar.value = questions.length - missing;
    text.textContent = missing ? left.dataset.left.replace("{n}", missing) : left.dataset.done;
    const said = missing ? "" : left.dataset.done;
    if (done.textContent !== said) done.textContent = said;
  };
  left.hidden = false;
  form.addEventListener("change", count);
  addEventListener("pageshow", count);
  count();
}
