// A list is copied at the press of a button. Without the clipboard it is marked, to be copied by hand.
for (const button of document.querySelectorAll("[data-copies]")) {
  const list = document.getElementById(button.dataset.copies);
  const said = button.parentElement.querySelector("[data-done]");
  button.hidden = false;
  button.addEventListener("click", async () => {
    list.select();
    try {
      await navigator.clipboard.writeText(list.value);
      said.textContent = said.dataset.done;
    } catch {
      said.textContent = "";
    }
  });
}
