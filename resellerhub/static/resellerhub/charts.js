// Draws canvases from the JSON beside them; colours come from the style sheet and follow the theme.
const charts = new Map();
const colour = (name) => {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
};

const toggles = (canvas) => document.querySelector(`[data-toggles="${canvas.dataset.chart}"]`);
const hidden = (canvas) =>
  new Set([...(toggles(canvas)?.querySelectorAll("input:not(:checked)") ?? [])].map(({ value }) => Number(value)));

function draw(canvas) {
  const { form, stacked, labels, series } = JSON.parse(document.getElementById(canvas.dataset.chart).textContent);
  const tones = ["--accent", "--warn", "--busy", "--bad", "--good"].map(colour);
  const ink = colour("--tblr-secondary-color");
  const grid = { color: colour("--line") };
  charts.get(canvas)?.destroy();
  charts.set(canvas, new window.Chart(canvas, {
    type: form,
    data: {
      labels,
      datasets: series.map(({ label, values, notes }, place) => ({
        label,
        notes,
        data: values,
        hidden: hidden(canvas).has(place),
        borderColor: tones[place % tones.length],
        backgroundColor: tones[place % tones.length],
        borderDash: place > 1 ? [6, 3] : [],
        borderWidth: form === "line" ? 2 : 0,
        pointRadius: 3,
      })),
    },
    options: {
      animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
      locale: document.documentElement.lang,
      maintainAspectRatio: false,
      interaction: { mode: "index", intersect: false },
      plugins: {
        legend: { display: series.length > 1, labels: { color: ink } },
        tooltip: { callbacks: { label: ({ dataset, dataIndex, formattedValue }) => `${dataset.label}: ${dataset.notes[dataIndex] ?? formattedValue}` } },
      },
      scales: { x: { stacked, grid, ticks: { color: ink } }, y: { stacked, grid, beginAtZero: true, ticks: { color: ink } } },
    },
  }));
}

const canvases = [...document.querySelectorAll("canvas[data-chart]")];
const drawAll = () => canvases.forEach(draw);
const library = Object.assign(document.createElement("script"), { src: canvases[0]?.dataset.library, onload: drawAll });
if (canvases.length) document.head.append(library);
for (const canvas of canvases) toggles(canvas)?.addEventListener("change", () => charts.has(canvas) && draw(canvas));
document.addEventListener("themechange", drawAll);
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", drawAll);
