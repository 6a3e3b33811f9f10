"use strict";
(() => {
  const data = JSON.parse(document.getElementById("curves-data").textContent);
  const root = document.getElementById("charts");
  if (!root) return;
  const color = name => getComputedStyle(document.documentElement).getPropertyValue("--" + name).trim();
  const seconds = value => (value === null || value === undefined ? "" : value.toFixed(3) + " s");
  const fixed = digits => (plot, value) =>
    value === null || value === undefined ? "–" : value.toLocaleString("en", { maximumFractionDigits: digits });
  let plots = [];

  // Phases, faults and downtime run over the whole height of a strip; their names stand above it, a row for each kind.
  const kinds = [
    { list: data.phases, line: "quiet", dash: [2, 4] },
    { list: data.faults, fill: "shade-fault", line: "purple", dash: [] },
    { list: data.downtime, fill: "shade-bad", line: "vermillion", dash: [] },
  ].filter(kind => kind.list.length > 0);
  const rowHeight = 15;

  const bands = plot => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    kinds.forEach(kind => kind.list.forEach(([, start, end]) => {
      const x0 = plot.valToPos(start, "x", true);
      const x1 = Math.max(x0 + ratio, plot.valToPos(end, "x", true));
      if (kind.fill) {
        ctx.fillStyle = color(kind.fill);
        ctx.fillRect(x0, bbox.top, x1 - x0, bbox.height);
      }
      ctx.strokeStyle = color(kind.line);
      ctx.lineWidth = ratio;
      ctx.setLineDash(kind.dash.map(length => length * ratio));
      ctx.beginPath();
      ctx.moveTo(x0, bbox.top);
      ctx.lineTo(x0, bbox.top + bbox.height);
      ctx.stroke();
    }));
    ctx.restore();
  };

  // A name is left out where it would run into the next one.
  const names = plot => {
    const { ctx, bbox } = plot;
    const ratio = devicePixelRatio;
    const right = bbox.left + bbox.width;
    ctx.save();
    ctx.font = 11 * ratio + "px system-ui, sans-serif";
    ctx.textBaseline = "top";
    ctx.textAlign = "left";
    kinds.forEach((kind, row) => {
      let free = bbox.left;
      ctx.fillStyle = color(kind.line);
      kind.list.forEach(([label, start, end]) => {
        const x0 = Math.max(plot.valToPos(start, "x", true), bbox.left);
        const width = ctx.measureText(label).width;
        const visible = plot.valToPos(end, "x", true) > bbox.left && x0 < right;
        if (visible && x0 >= free && x0 + width <= right) {
          ctx.fillText(label, x0, bbox.top - (kinds.length - row) * rowHeight * ratio);
          free = x0 + width + 8 * ratio;
        }
      });
    });
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

  const powers = (plot, index, min, max) => {
    const splits = [];
    for (let power = Math.ceil(Math.log10(min) - 1e-9); power <= Math.log10(max) + 1e-9; power++) {
      splits.push(Math.pow(10, power));
    }
    return splits;
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
      height: (options.height || 120) + kinds.length * rowHeight,
      cursor: { sync: { key: "run", setSeries: false }, focus: { prox: 24 }, points: { size: 6 } },
      legend: { live: true },
      scales: {
        x: { time: false, min: 0, max: data.end, range: (u, min, max) => [min === null ? 0 : min, max === null ? data.end : max] },
        y: log ? { distr: 3, range: (u, min, max) => options.range || uPlot.rangeLog(min || 1, max || 10, 10, true) }
          : { range: (u, min, max) => [0, max > 0 ? max * 1.08 : 1] },
      },
      axes: [
        axis({ values: (u, ticks) => ticks.map(tick => tick + " s"), size: 34 }),
        axis({ size: 64, space: 26, splits: log ? powers : undefined, values: (u, ticks) => ticks.map(tick => tick === null ? "" : tick.toLocaleString("en")) }),
      ],
      hooks: { drawClear: [bands], draw: [names] },
      padding: [kinds.length * rowHeight + 6, 12, 0, 0],
      series: [{ label: "at", value: (u, value) => seconds(value) }].concat(series),
    }, values, place);
    plots.push(plot);
  };

  // A logarithm has no zero.
  const positive = column => column.map(value => value === null ? null : Math.max(0.01, value));

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
    const top = Math.pow(10, Math.ceil(Math.log10(Math.max(1000, ...list.map(dot => dot[1])))));
    const silent = look => look === 2 || look === 3;
    const values = [list.map(dot => dot[0])].concat(present.map(i =>
      list.map(dot => dot[3] !== i ? null : silent(i) ? top * 0.8 : Math.max(0.1, dot[1]))));
    strip(title, "ms from intended start to answer, log scale; without an answer: at the top", present.map(i => ({
      label: looks[i],
      ink: color(inks[i]),
      stroke: color(inks[i]),
      paths: scatter(i === 0 ? 1 : i === 1 ? 1.5 : 2.5, i > 1),
      points: { show: false },
      value: silent(i) ? (plot, value) => value === null || value === undefined ? "–" : "no answer" : fixed(2),
    })), values, { log: true, height: 160, range: [0.1, top] });
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
      ], [b.t].concat([b.p50, b.p99, b.max].map(positive)), { log: true });
      strip("Errors", "operations a second that failed or whose outcome is unknown", [
        line("errors", "vermillion", { fill: color("vermillion") + "33" }),
      ], [b.t, b.failed.map((value, i) => value + b.unknown[i])], { height: 90 });
    }
    data.monitors.forEach(monitor =>
      strip(monitor.name, "monitor", [line(monitor.name, "blue", { fill: color("blue") + "1a", value: fixed(3) })],
        [monitor.t, monitor.v], { height: 90 }));
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
