import { each } from "../dom.js";

let loading;

// ECharts is fetched only on pages with a chart.
function library() {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = `${document.body.dataset.assets}vendor/echarts.min.js`;
    script.nonce = document.querySelector("script[nonce]").nonce;
    script.onload = resolve;
    script.onerror = reject;
    document.head.append(script);
  });
  return loading;
}

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

// Width: of the canvas, in pixels; names take less than half of it and are cut with an ellipsis.
function option(data, width) {
  const ink = colour("--ink-quiet");
  const line = colour("--line");
  const palette = ["--tblr-primary", "--good", "--warn", "--bad", "--still"].map(colour);
  const base = {
    color: palette,
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    // HTML tooltips carry style attributes, which the content security policy refuses.
    tooltip: { trigger: data.kind === "pie" ? "item" : "axis", renderMode: "richText", confine: true },
  };
  if (data.kind === "pie") {
    const parts = data.labels.map((name, place) => ({ name, value: data.series[0].values[place] }));
    return { ...base, series: [{ type: "pie", radius: ["45%", "75%"], data: parts, label: { color: ink } }] };
  }
  const lying = data.kind === "bars";
  const fit = lying ? { width: Math.min(170, 0.4 * width), overflow: "truncate", interval: 0 } : { hideOverlap: true };
  const timed = data.times && !lying;
  const names = { type: timed ? "time" : "category", data: timed ? undefined : data.labels, axisLabel: { color: ink, ...fit }, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  const values = { type: "value", minInterval: 1, splitNumber: 4, axisLabel: { color: ink, hideOverlap: true }, splitLine: { lineStyle: { color: line } } };
  return {
    ...base,
    // The last name of a line stands half beyond its end. Whatever the texts take, the canvas holds them whole.
    grid: {
      left: 8, right: data.kind === "line" ? 32 : 16, top: data.series.length > 1 ? 32 : 12, bottom: 4,
      outerBoundsMode: "same", outerBounds: { left: 8, right: 8, top: 0, bottom: 4 }, outerBoundsContain: "axisLabel",
    },
    legend: data.series.length > 1 ? { top: 0, textStyle: { color: ink } } : undefined,
    xAxis: lying ? values : names,
    yAxis: lying ? { ...names, inverse: true } : values,
    series: data.series.map((one) => ({
      name: one.name, type: data.kind === "line" ? "line" : "bar", smooth: false, barMaxWidth: 28,
      data: timed ? one.values.map((value, place) => [data.times[place], value]) : one.values,
      // A click needs a point to hit.
      showSymbol: Boolean(data.urls), symbolSize: 6,
      stack: data.stacked ? "all" : undefined,
    })),
  };
}

function fillTable(table, data) {
  const row = (cells, kind, url = "") => {
    const line = document.createElement("tr");
    cells.forEach((text, place) => {
      const cell = document.createElement(kind === "th" || place === 0 ? "th" : "td");
      cell.scope = kind === "th" ? "col" : place === 0 ? "row" : "";
      if (url && place === 0) {
        const link = document.createElement("a");
        link.href = url;
        link.textContent = text;
        cell.append(link);
      } else {
        cell.textContent = text;
      }
      if (place > 0) {
        cell.className = "numeric";
      }
      line.append(cell);
    });
    return line;
  };
  const head = document.createElement("thead");
  head.append(row([data.label || "", ...data.series.map((one) => one.name)], "th"));
  const body = document.createElement("tbody");
  data.labels.forEach((label, place) => {
    body.append(row([label, ...data.series.map((one) => one.values[place] ?? "")], "td", data.urls?.[place]));
  });
  table.append(head, body);
}

export function bindCharts(root) {
  each(root, "[data-chart]", async function drawChart(figure) {
    const [answer] = await Promise.all([
      fetch(figure.dataset.chart, { headers: { Accept: "application/json" } }),
      library(),
    ]);
    const data = answer.ok ? await answer.json() : { labels: [], series: [] };
    const canvas = figure.querySelector(".chart-canvas");
    if (!data.labels.length) {
      canvas.hidden = true;
      figure.querySelector(".chart-empty").hidden = false;
      return;
    }
    fillTable(figure.querySelector("[data-chart-table]"), data);
    const chart = window.echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(option(data, canvas.clientWidth));
    new ResizeObserver(() => chart.resize()).observe(canvas);
    new MutationObserver(() => chart.setOption(option(data, canvas.clientWidth), true)).observe(document.documentElement, {
      attributes: true, attributeFilter: ["data-bs-theme"],
    });
    if (data.urls) {
      chart.on("click", (event) => {
        const target = data.urls[event.dataIndex];
        if (target) {
          window.location.assign(target);
        }
      });
    }
    figure.dataset.drawn = "true";
  });
}
