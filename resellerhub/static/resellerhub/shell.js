// What makes the shell quicker; everything here also works without it.
const closest = (event, selector) => event.target instanceof Element && event.target.closest(selector);

// Menus close on Escape and on a click elsewhere.
const openMenus = () => document.querySelectorAll("details[data-menu][open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    if (location.hash === "#navigation") location.hash = "";
  }
  const typing = closest(event, "input, select, textarea, [contenteditable]");
  if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const field = document.querySelector("[data-shortcut='/']");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    }
  }
});

// Theme and folded navigation change at once; the server keeps them in a cookie.
document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.matches("[data-appearance]") || !button) return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.name === "theme") {
    root.dataset.theme = button.value;
    for (const item of form.querySelectorAll("button")) item.toggleAttribute("aria-current", item === button);
    form.closest("details").open = false;
    document.dispatchEvent(new Event("themechange"));
  } else {
    root.dataset.navigation = button.value;
  }
  fetch(form.action, { method: "POST", body: new FormData(form, button), redirect: "manual", keepalive: true });
  if (button.name === "navigation") button.value = button.value === "folded" ? "open" : "folded";
});

// Copy buttons.
for (const button of document.querySelectorAll("[data-copy]")) button.hidden = !navigator.clipboard;
document.addEventListener("click", (event) => {
  const button = closest(event, "[data-copy]");
  if (button) navigator.clipboard.writeText(button.dataset.copy);
});

// Rows of a list: the box in the heading ticks the page, "select all N" stands for every page.
function countSelected() {
  const bar = document.querySelector("[data-selected-count]");
  if (!bar) return;
  const boxes = [...document.querySelectorAll("input[name=selected]")];
  const ticked = boxes.filter((box) => box.checked).length;
  const whole = document.querySelector("[data-select-page]");
  whole.checked = ticked > 0 && ticked === boxes.length;
  whole.indeterminate = ticked > 0 && ticked < boxes.length;
  bar.textContent = ticked ? new Intl.NumberFormat(document.documentElement.lang).format(ticked) + " ✓" : "";
}
document.addEventListener("change", (event) => {
  const whole = closest(event, "[data-select-page], [data-select-all]");
  if (whole) for (const box of document.querySelectorAll("input[name=selected]")) box.checked = whole.checked;
  if (whole || closest(event, "input[name=selected]")) countSelected();
});

// Rows that refresh themselves wait for whoever stands in them.
document.addEventListener("htmx:beforeRequest", (event) => {
  const { elt, target } = event.detail;
  if (elt.matches("[data-polls]") && (!target || target.contains(document.activeElement))) event.preventDefault();
});

// An answer that is not the list (the login page, say) is opened as a page of its own.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr } = event.detail;
  if (target.id && !xhr.responseText.includes(`id="${target.id}"`)) {
    event.detail.shouldSwap = false;
    location.assign(xhr.responseURL || location.href);
  }
});

// An answer that brings the field in which somebody types leaves what was typed.
let typed = null;
document.addEventListener("htmx:beforeSwap", () => {
  const field = document.activeElement;
  typed = field.matches("[data-typed]") && field.value !== field.defaultValue ? field : null;
});
document.addEventListener("htmx:afterSwap", () => {
  if (typed) document.getElementById(typed.id).value = typed.value;
  typed = null;
});
