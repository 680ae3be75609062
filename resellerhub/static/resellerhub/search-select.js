// Selects with many options become searchable.
for (const select of document.querySelectorAll("select[data-search-select]")) {
  new TomSelect(select, { maxOptions: null, controlInput: undefined, plugins: { dropdown_input: false } });
}
