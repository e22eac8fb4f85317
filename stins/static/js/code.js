// The page that asks for the code: the fragment of the slip's address fills it in. Keeps nothing.
const code = document.getElementById("code");
const STEP = /^#(start|granska|main|understood|del-|q-|comment_)/; // left in an address by the questionnaire

const fill = () => {
  if (location.hash.length < 2) return;
  try {
    if (!STEP.test(location.hash)) code.value = decodeURIComponent(location.hash.slice(1));
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
