// Selects with many options become searchable; the select itself stays, out of sight, and is what is sent.
for (const select of document.querySelectorAll("select[data-search-select]")) {
  new TomSelect(select, { maxOptions: null });
  select.setAttribute("aria-hidden", "true");
}
