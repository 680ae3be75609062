// The group filter shows one group of resources; what is hidden keeps its value and is not filled.
document.addEventListener("change", (event) => {
  if (event.target.name !== "group" || !event.target.closest("[data-resources]")) return;
  const wanted = event.target.value;
  for (const group of document.querySelectorAll("[data-group]")) {
    group.hidden = Boolean(wanted) && group.dataset.group !== wanted;
    for (const field of group.querySelectorAll("[data-fill-group], [data-fill-paused]")) {
      const [now, before] = group.hidden ? ["fillPaused", "fillGroup"] : ["fillGroup", "fillPaused"];
      if (before in field.dataset) {
        field.dataset[now] = field.dataset[before];
        delete field.dataset[before];
      }
    }
  }
});

// "All packages" makes the single boxes moot; without JavaScript the server passes them over.
const follow = (box) => {
  for (const part of document.querySelectorAll(`[data-unless="${CSS.escape(box.name)}"]`)) part.hidden = box.checked;
};
const followAll = () => document.querySelectorAll("input[name=every_package]").forEach(follow);
document.addEventListener("change", (event) => event.target.name === "every_package" && follow(event.target));
document.addEventListener("htmx:afterSettle", followAll);
followAll();
