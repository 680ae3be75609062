// Finds among the cards of a choice; what is chosen stays in sight.
const box = document.querySelector("[data-card-search]");
const cards = [...document.querySelectorAll(".choice-card")];
box.hidden = false;
box.querySelector("input").addEventListener("input", ({ target }) => {
  const words = target.value.trim().toLowerCase();
  for (const card of cards) {
    card.hidden = !card.textContent.toLowerCase().includes(words) && !card.querySelector("input").checked;
  }
  document.querySelector("[data-card-none]").hidden = cards.some((card) => !card.hidden);
});
