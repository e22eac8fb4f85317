// What is filled in is kept in this tab alone, encrypted; both its key and its name are had from the code.
const BLOCK = 4096; // every draft fills whole blocks: its size does not tell what was chosen
const IV = 12;
const bytes = (text) => new TextEncoder().encode(text);

// The code that somebody meant, as the server reads it.
const meant = (typed) => typed.normalize("NFKC").toUpperCase().replace(/[^\p{L}\p{N}]/gu, "")
  .replaceAll("O", "0").replace(/[IL]/g, "1");

// Gives the draft of a code, or null where nothing can be kept: no WebCrypto (no HTTPS), no storage.
export async function openDraft(typed) {
  try {
    // The code has 120 random bits, so HKDF is enough: there is nothing to slow a guesser down for.
    const secret = await crypto.subtle.importKey("raw", bytes(meant(typed)), "HKDF", false, ["deriveBits", "deriveKey"]);
    const from = (info) => ({ name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: bytes(info) });
    const bits = new Uint8Array(await crypto.subtle.deriveBits(from("stins draft name"), secret, 128));
    const name = Array.from(bits, (byte) => byte.toString(16).padStart(2, "0")).join("");
    const key = await crypto.subtle.deriveKey(from("stins draft key"), secret, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
    sessionStorage.setItem(`${name}-`, "");
    sessionStorage.removeItem(`${name}-`);
    return draft(name, key);
  } catch {
    return null;
  }
}

function draft(name, key) {
  let waiting = null;
  let writing = null;
  let gone = false;

  const put = async (what) => {
    const text = bytes(JSON.stringify(what));
    const padded = new Uint8Array(Math.ceil(text.length / BLOCK) * BLOCK).fill(32);
    padded.set(text);
    const iv = crypto.getRandomValues(new Uint8Array(IV));
    const sealed = new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, padded));
    const all = Array.from([...iv, ...sealed], (byte) => String.fromCharCode(byte)).join("");
    if (!gone) sessionStorage.setItem(name, btoa(all));
  };
  // One write at a time; of what comes meanwhile only the newest is written.
  const run = async () => {
    try {
      while (waiting) {
        const what = waiting;
        waiting = null;
        await put(what);
      }
    } finally {
      writing = null;
    }
  };
  return {
    write(what) {
      waiting = what;
      writing ??= run();
      return writing;
    },
    async read() {
      try {
        const all = Uint8Array.from(atob(sessionStorage.getItem(name)), (char) => char.charCodeAt(0));
        const iv = all.subarray(0, IV);
        const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, all.subarray(IV));
        return JSON.parse(new TextDecoder().decode(plain));
      } catch {
        return null; // there is none, or it is damaged
      }
    },
    // Every draft of the tab goes, not only this one.
    clear() {
      gone = true;
      sessionStorage.clear();
    },
  };
}

// What the form holds, but for the code.
export const filled = (form) => Object.fromEntries([...new FormData(form)].filter(([name]) => name !== "code" && name !== "lang"));

export function fillIn(form, values) {
  for (const field of form.elements) {
    if (!Object.hasOwn(values, field.name)) continue;
    if (field.type === "radio" || field.type === "checkbox") field.checked = field.value === values[field.name];
    else if (field.localName === "textarea") field.value = values[field.name];
  }
}
