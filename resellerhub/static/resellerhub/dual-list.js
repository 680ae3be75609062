// Two lists over one <select multiple>: its options stay the truth, the two views only show them.
const make = (tag, css, text = "") => Object.assign(document.createElement(tag), { className: css, textContent: text });

function view(source, title, chosen) {
  const side = make("div", "dual-side");
  const head = make("div", "dual-title");
  const label = make("label", "", title);
  const count = make("span", "count");
  const search = Object.assign(make("input", "form-control"), { type: "search", autocomplete: "off" });
  const list = Object.assign(make("select", "form-select"), { multiple: true, size: 10, id: `${source.id}-${chosen ? "chosen" : "free"}` });
  label.htmlFor = list.id;
  search.setAttribute("aria-label", `${source.dataset.searchLabel}: ${title}`);
  search.placeholder = source.dataset.searchLabel;
  head.append(label, count);
  side.append(head, search, list);

  const draw = () => {
    const words = search.value.trim().toLowerCase();
    const fitting = [...source.options].filter((option) => option.selected === chosen);
    const shown = fitting.filter((option) => option.text.toLowerCase().includes(words));
    list.replaceChildren(...shown.map((option) => new Option(option.text, option.value)));
    count.textContent = new Intl.NumberFormat(document.documentElement.lang).format(fitting.length);
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  return { side, list, draw };
}

function enhance(source) {
  const free = view(source, source.dataset.freeLabel, false);
  const chosen = view(source, source.dataset.chosenLabel, true);
  const live = Object.assign(make("p", "visually-hidden"), { role: "status" });
  const draw = () => (free.draw(), chosen.draw());

  const move = (from, selected, all) => {
    const values = new Set([...from.list.options].filter((option) => all || option.selected).map((option) => option.value));
    for (const option of source.options) if (values.has(option.value)) option.selected = selected;
    draw();
    live.textContent = `${source.dataset.chosenLabel}: ${source.selectedOptions.length}`;
    source.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const button = (label, from, selected, all) => {
    const made = Object.assign(make("button", "btn", label), { type: "button" });
    made.addEventListener("click", () => move(from, selected, all));
    return made;
  };
  const moves = make("div", "dual-moves");
  const { addLabel, addAllLabel, removeLabel, removeAllLabel } = source.dataset;
  moves.append(
    button(addLabel, free, true, false),
    button(addAllLabel, free, true, true),
    button(removeLabel, chosen, false, false),
    button(removeAllLabel, chosen, false, true),
  );
  for (const [from, selected] of [[free, true], [chosen, false]]) {
    from.list.addEventListener("dblclick", () => move(from, selected, false));
    from.list.addEventListener("keydown", (event) => event.key === "Enter" && (event.preventDefault(), move(from, selected, false)));
  }

  const wrap = make("div", "dual-list");
  wrap.append(free.side, moves, chosen.side, live);
  source.hidden = true;
  source.after(wrap);
  const label = document.querySelector(`label[for="${CSS.escape(source.id)}"]`);
  if (label) label.htmlFor = free.list.id;
  draw();
}

for (const source of document.querySelectorAll("select[data-dual-list]")) enhance(source);
