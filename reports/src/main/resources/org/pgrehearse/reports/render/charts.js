"use strict";
(() => {
  const data = JSON.parse(document.getElementById("curves").textContent);
  const root = document.getElementById("charts");
  if (!root) return;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const seconds = value => (value === null || value === undefined ? "" : value.toFixed(3) + " s");
  const fixed = digits => (plot, value) =>
    value === null || value === undefined ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits });
  let plots = [];

  // Bands run over the whole height of a strip; a label is written only where it fits.
  const bands = plot => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    ctx.font = 11 * ratio + "px system-ui, sans-serif";
    ctx.textBaseline = "top";
    const draw = (list, fill, line, row) => list.forEach(([label, start, end]) => {
      const x0 = plot.valToPos(start, "x", true);
      const x1 = Math.max(x0 + ratio, plot.valToPos(end, "x", true));
      if (x1 < bbox.left || x0 > bbox.left + bbox.width) return;
      if (fill) {
        ctx.fillStyle = fill;
        ctx.fillRect(x0, bbox.top, x1 - x0, bbox.height);
      }
      ctx.strokeStyle = line;
      ctx.lineWidth = ratio;
      ctx.setLineDash(row === 0 ? [2 * ratio, 4 * ratio] : []);
      ctx.beginPath();
      ctx.moveTo(x0, bbox.top);
      ctx.lineTo(x0, bbox.top + bbox.height);
      ctx.stroke();
      const left = Math.max(x0, bbox.left) + 4 * ratio;
      const room = (row === 0 ? Math.min(x1, bbox.left + bbox.width) : bbox.left + bbox.width) - left;
      if (ctx.measureText(label).width <= room) {
        ctx.fillStyle = line;
        ctx.fillText(label, left, bbox.top + (3 + row * 14) * ratio);
      }
    });
    draw(data.phases, null, color("quiet"), 0);
    draw(data.faults, color("shade-fault"), color("purple"), 1);
    draw(data.downtime, color("shade-bad"), color("vermillion"), 2);
    ctx.restore();
  };

  const axis = extra => Object.assign({
    stroke: color("quiet"),
    grid: { stroke: color("grid"), width: 1 },
    ticks: { stroke: color("grid"), width: 1, size: 5 },
    font: "12px system-ui, sans-serif",
  }, extra);

  const scatter = (size, dash) => (plot, index) => {
    const { ctx, bbox } = plot;
    const values = plot.data[index];
    const ratio = devicePixelRatio;
    const radius = size * ratio;
    const series = plot.series[index];
    const xs = plot.data[0];
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left - radius, bbox.top - radius, bbox.width + 2 * radius, bbox.height + 2 * radius);
    ctx.clip();
    ctx.fillStyle = ctx.strokeStyle = series.ink;
    ctx.lineWidth = 1.4 * ratio;
    for (let i = 0; i < xs.length; i++) {
      if (values[i] === null) continue;
      const x = plot.valToPos(xs[i], "x", true);
      const y = plot.valToPos(values[i], "y", true);
      if (dash) {
        ctx.beginPath();
        ctx.moveTo(x - radius, y - radius);
        ctx.lineTo(x + radius, y + radius);
        ctx.moveTo(x + radius, y - radius);
        ctx.lineTo(x - radius, y + radius);
        ctx.stroke();
      } else {
        ctx.fillRect(x - radius, y - radius, 2 * radius, 2 * radius);
      }
    }
    ctx.restore();
    return null;
  };

  const strip = (title, unit, series, values, options) => {
    const figure = document.createElement("figure");
    figure.className = "chart";
    const caption = document.createElement("figcaption");
    caption.textContent = title + " ";
    const small = document.createElement("span");
    small.textContent = unit;
    caption.append(small);
    const place = document.createElement("div");
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", title + ", " + unit + ", over the time of the run");
    figure.append(caption, place);
    root.append(figure);
    const log = options.log === true;
    const plot = new uPlot({
      width: root.clientWidth,
      height: options.height || 150,
      cursor: { sync: { key: "run", setSeries: false }, focus: { prox: 24 }, points: { size: 6 } },
      legend: { live: true },
      scales: {
        x: { time: false, min: 0, max: data.end, range: (u, min, max) => [min === null ? 0 : min, max === null ? data.end : max] },
        y: log ? { distr: 3, range: (u, min, max) => options.range || uPlot.rangeLog(min || 1, max || 10, 10, true) }
          : { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        axis({ values: (u, ticks) => ticks.map(tick => tick + " s"), size: 34 }),
        axis({ size: 64, values: (u, ticks) => ticks.map(tick => tick === null ? "" : tick.toLocaleString("en")) }),
      ],
      hooks: { drawClear: [bands] },
      series: [{ label: "at", value: (u, value) => seconds(value) }].concat(series),
    }, values, place);
    plots.push(plot);
  };

  const line = (label, name, extra) => Object.assign({
    label,
    stroke: color(name),
    width: 1.5,
    points: { show: false },
    spanGaps: false,
    value: fixed(1),
  }, extra);

  const dots = (kind, title) => {
    const list = data.dots.filter(dot => dot[2] === kind);
    if (list.length === 0) return;
    const looks = ["good", "late", "failed", "unknown", "wrong side"];
    const inks = ["blue", "orange", "vermillion", "purple", "text"];
    const present = looks.map((look, i) => i).filter(i => list.some(dot => dot[3] === i));
    const values = [list.map(dot => dot[0])]
      .concat(present.map(i => list.map(dot => dot[3] === i ? Math.max(0.05, dot[1]) : null)));
    const top = Math.max(1000, ...list.map(dot => dot[1]));
    strip(title, "ms from intended start to answer, log scale", present.map(i => ({
      label: looks[i],
      ink: color(inks[i]),
      stroke: color(inks[i]),
      paths: scatter(i === 0 ? 1 : i === 1 ? 1.5 : 2.5, i > 1),
      points: { show: false },
      value: fixed(2),
    })), values, { log: true, height: 190, range: [0.1, Math.pow(10, Math.ceil(Math.log10(top)))] });
  };

  const draw = () => {
    plots.forEach(plot => plot.destroy());
    plots = [];
    root.textContent = "";
    const keys = document.createElement("ul");
    keys.className = "keys";
    [["shade-bad", "vermillion", "write downtime"], ["shade-fault", "purple", "fault in effect"]].forEach(([fill, edge, text]) => {
      const item = document.createElement("li");
      const swatch = document.createElement("i");
      swatch.style.background = color(fill);
      swatch.style.borderLeft = "2px solid " + color(edge);
      item.append(swatch, text);
      keys.append(item);
    });
    const phases = document.createElement("li");
    phases.textContent = "dotted lines: phases";
    const zoom = document.createElement("li");
    zoom.textContent = "drag to zoom, double-click to return";
    keys.append(phases, zoom);
    root.append(keys);
    dots(1, "Write probes");
    dots(0, "Read probes");
    const b = data.buckets;
    if (b.t.length > 0) {
      strip("Throughput", "operations a second that ended, by outcome", [
        line("acknowledged", "blue", { fill: color("blue") + "1a" }),
        line("failed", "vermillion", { dash: [6, 3] }),
        line("unknown", "purple", { dash: [2, 2] }),
      ], [b.t, b.acknowledged, b.failed, b.unknown], {});
      strip("Latency", "ms from intended start, acknowledged operations, log scale", [
        line("p50", "blue"),
        line("p99", "orange", { dash: [6, 3] }),
        line("max", "vermillion", { width: 1, dash: [2, 2] }),
      ], [b.t, b.p50, b.p99, b.max], { log: true });
      strip("Errors", "operations a second that failed or whose outcome is unknown", [
        line("errors", "vermillion", { fill: color("vermillion") + "33" }),
      ], [b.t, b.failed.map((value, i) => value + b.unknown[i])], { height: 110 });
    }
    data.monitors.forEach(monitor =>
      strip(monitor.name, "monitor", [line(monitor.name, "blue", { fill: color("blue") + "1a", value: fixed(3) })],
        [monitor.t, monitor.v], { height: 120 }));
  };
  draw();
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
  let width = root.clientWidth;
  addEventListener("resize", () => {
    if (root.clientWidth !== width) {
      width = root.clientWidth;
      plots.forEach(plot => plot.setSize({ width, height: plot.height }));
    }
  });
})();
