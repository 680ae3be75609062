() => {
  const plain = "rgba(0, 0, 0, 0),none,1,none";
  const grounds = new Map([[null, ""]]);
  const ground = element => {
    if (!grounds.has(element)) {
      const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(element);
      const beneath = ground(element.parentElement), own = [backgroundColor, backgroundImage, opacity, filter].join();
      grounds.set(element, own === plain ? beneath : `${beneath}|${own}`);
    }
    return grounds.get(element);
  };
  const isShown = element => {
    const { width, height } = element.getBoundingClientRect();
    return width > 2 && height > 2 && element.checkVisibility({ opacityProperty: true, visibilityProperty: true });
  };
  const says = element => element.matches("input, textarea, select")
    || [...element.childNodes].some(node => node.nodeType === Node.TEXT_NODE && node.data.trim());
  const seen = new Set();
  for (const element of document.querySelectorAll("body *")) {
    if (!says(element) || !isShown(element)) continue;
    const { color, fontSize, fontWeight, textShadow } = getComputedStyle(element);
    const isOff = Boolean(element.closest(":disabled, [aria-disabled=true]"));
    seen.add([color, fontSize, fontWeight, textShadow, isOff, ground(element)].join());
  }
  return [...seen];
}
