// The page's script: puts curves that zoom (uPlot) in the place of the drawn ones, which stay for printing.
(function () {
  "use strict";
  const charts = JSON.parse(document.getElementById("charts").textContent);
  const style = getComputedStyle(document.documentElement);
  const colour = name => style.getPropertyValue("--" + name).trim();
  const height = 260;

  // A figure with all its digits; nothing where there is none.
  const figure = (plot, value) => value == null ? "" : String(value);

  const axis = label => ({
    label, labelSize: label ? 22 : 0, stroke: () => colour("faint"),
    grid: { stroke: () => colour("line"), width: 1 }, ticks: { stroke: () => colour("line"), width: 1 },
  });

  const curve = series => ({
    label: series.label, stroke: () => colour("s" + series.colour), width: 2, dash: series.held ? [6, 4] : undefined,
    spanGaps: true, value: figure,
  });

  function draw(place, chart, logarithmic) {
    const data = chart.data.map(column => column.map(value => value === false ? null : value));
    return new uPlot({
      width: place.clientWidth, height,
      scales: { x: { time: false }, y: { distr: logarithmic ? 3 : 1 } },
      axes: [{ ...axis(chart.x), size: 34 }, { ...axis(), size: 64 }],
      series: [{ label: chart.x, value: figure }, ...chart.series.map(curve)],
      legend: { markers: { dash: (plot, i) => i > 0 && chart.series[i - 1].held ? "dashed" : "solid" } },
      cursor: { drag: { x: true, y: true, uni: 20 } },
    }, data, place);
  }

  function button(tools, text, act) {
    const one = document.createElement("button");
    one.type = "button";
    one.textContent = text;
    one.addEventListener("click", () => act(one));
    tools.append(one);
  }

  function enliven(chart, number) {
    const figure = document.getElementById("chart-" + (number + 1));
    const place = document.createElement("div"), tools = document.createElement("span");
    let logarithmic = false, plot;
    const redraw = () => { if (plot) plot.destroy(); plot = draw(place, chart, logarithmic); };
    place.className = "live";
    tools.className = "tools";
    if (chart.data.slice(1).every(column => column.every(value => value === false || value > 0))) {
      button(tools, "log scale", one => {
        logarithmic = !logarithmic;
        one.setAttribute("aria-pressed", logarithmic);
        redraw();
      });
    }
    button(tools, "whole", redraw);
    figure.querySelector("figcaption").append(tools);
    figure.append(place);
    figure.classList.add("alive");
    redraw();
    new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height })).observe(place);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  }

  charts.forEach(enliven);
  const hint = document.createElement("p");
  hint.className = "hint";
  hint.textContent = "Drag over a part of a chart to enlarge it; double-click for the whole.";
  document.querySelector(".charts").after(hint);
})();
