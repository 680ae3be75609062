// The first value typed fills the untouched others of its group; what somebody edited stays as it is.
const edited = new WeakSet();
const filled = new WeakSet();

document.addEventListener("input", (event) => {
  const field = event.target;
  const group = field.dataset?.fillGroup;
  if (!group) return;
  const others = [...document.querySelectorAll(`[data-fill-group="${CSS.escape(group)}"]`)].filter((one) => one !== field);
  const leads = field.dataset.fillLead === "true" || others.every((one) => !one.value && !edited.has(one));
  filled.delete(field);
  edited.add(field);
  if (!leads) return;
  field.dataset.fillLead = "true";
  for (const other of others) {
    if (edited.has(other) || (other.value && !filled.has(other))) continue;
    other.value = field.value;
    filled.add(other);
  }
});
