"use strict";
const data = JSON.parse(document.getElementById("data").textContent);
const { functions, arcs, metrics } = data;
const element = (id) => document.getElementById(id);
const ROW = 18, PAGE = 200;
let metric = 0, chosen = 0, sort = "self%", falling = true, shown = PAGE, needle = "", zoom = null, hovered = null;

// Every text from the profile goes through here: as text, never as markup.
function make(kind, text, parent, name) {
  const made = document.createElement(kind);
  if (text !== undefined) made.textContent = text;
  if (name) made.className = name;
  if (parent) parent.append(made);
  return made;
}

// ---------------------------------------------------------------- numbers, as proftui draws them

// Python rounds what lies right between two decimals to the even digit, toFixed away from zero. Of the numbers there are
// in base 2 only odd multiples of 2 ** -(places + 1) lie there.
function fixed(number, places) {
  const text = number.toFixed(places), even = "02468".includes(text.slice(-1));
  if (even || Math.abs(number * 2 ** (places + 1)) % 2 !== 1) return text;
  return (number - Math.sign(number) / (2 * 10 ** places)).toFixed(places);
}

function digits(number) {
  const size = Math.abs(number);
  for (const [limit, places] of [[9.9995, 3], [99.995, 2], [999.95, 1]]) if (size < limit) return fixed(number, places);
  return Number(fixed(number, 0)).toLocaleString("en-US");
}

function draw(value, steps) {
  if (value === null) return "";
  if (!steps.length) {
    if (Math.abs(value) < 1e9) return Number.isInteger(value) ? value.toLocaleString("en-US") : digits(value);
    const [size, symbol] = [[1e18, "E"], [1e15, "P"], [1e12, "T"], [1e9, "G"]].find(([size]) => Math.abs(value) >= size);
    return `${digits(value / size)} ${symbol}`;
  }
  if (value === 0) return "0";
  const [size, symbol] = steps.find(([size]) => Math.abs(value) >= size * 0.99995) || steps[steps.length - 1];
  return `${digits(value / size)} ${symbol}`;
}

function percent(part, whole) {
  if (part === null || !whole) return "";
  const share = 100 * part / whole;
  if (share === 0) return "0.0%";
  return Math.abs(share) >= 0.05 ? `${fixed(share, 1)}%` : share > 0 ? "<0.1%" : ">-0.1%";
}

const total = () => metrics[metric].total;
const cost = (value) => draw(value, metrics[metric].steps);
const marked = (mark, text) => mark === "?" ? "?" : text && (mark === "<=" ? "≤" : mark) + text;
// What bounds and estimates have beyond the total says nothing.
const known = (mark, amount) => mark && total() > 0 && amount > total() ? total() : amount;
const shareOf = (mark, amount) => marked(mark, percent(known(mark, amount), total()));

// ---------------------------------------------------------------- the tables

const COLUMNS = [
  { key: "self%", by: "self", title: "self %", text: (at) => shareOf(functions.self_mark[metric][at], functions.self[metric][at]), heat: (at) => functions.self[metric][at] },
  { key: "inclusive%", by: "inclusive", title: "Σ %", there: () => !data.flat, text: (at) => shareOf(functions.mark[metric][at], functions.inclusive[metric][at]), heat: (at) => functions.inclusive[metric][at] },
  { key: "self", by: "self", title: "self", wide: true, text: (at) => cost(functions.self[metric][at]) },
  { key: "inclusive", by: "inclusive", title: "Σ", wide: true, there: () => !data.flat, text: (at) => cost(functions.inclusive[metric][at]) },
  { key: "calls", by: "calls", title: "calls", text: (at) => calls(at), there: () => functions.calls !== null },
  { key: "name", by: "name", title: "function", name: true },
];

function calls(at) {
  const all = functions.calls[at], primitive = functions.primitive === null ? all : functions.primitive[at];
  return draw(all, []) + (primitive !== null && primitive !== all ? `/${draw(primitive, [])}` : "");
}

const place = (at) => data.places[functions.place[at]];
const matches = (at) => functions.name[at].toLowerCase().includes(needle) || place(at).toLowerCase().includes(needle);

function value(at, by) {
  if (by === "self" || by === "inclusive") return functions[by][metric][at];
  return by === "calls" ? functions.calls[at] : functions.name[at].toLowerCase();
}

// What is not known comes last in either order.
function ordered() {
  const rows = functions.name.map((_, at) => at).filter((at) => !needle || matches(at));
  const by = COLUMNS.find((column) => column.key === sort).by, keys = functions.name.map((_, at) => value(at, by));
  const way = falling ? -1 : 1;
  return rows.sort((a, b) => {
    const [one, other] = [keys[a], keys[b]];
    if (one === null || other === null) return (one === null) - (other === null) || a - b;
    return one < other ? -way : one > other ? way : a - b;
  });
}

function nameCell(row, at, title) {
  const cell = make("td", undefined, row, "name");
  const link = make("a", title === undefined ? functions.name[at] : title, cell);
  link.href = "#";
  if (!place(at)) return;
  const short = place(at).split("/").slice(-2).join("/");
  make("small", short === place(at) ? short : `…/${short}`, cell).title = place(at);
}

function heat(cell, amount) {
  const share = total() && amount !== null ? Math.max(0, Math.min(1, amount / total())) : 0;
  cell.className = "heat";
  cell.style.setProperty("--share", `${(100 * share).toFixed(2)}%`);
}

function pick(row, at) {
  row.addEventListener("click", (event) => {
    event.preventDefault();
    choose(at);
    if (event.detail === 0) element("chosen").focus(); // by the keyboard, whose place in the table is drawn anew
  });
}

function drawFunctions() {
  const table = element("functions"), rows = ordered(), columns = COLUMNS.filter((column) => !column.there || column.there());
  table.replaceChildren();
  const head = make("tr", undefined, make("thead", undefined, table));
  for (const column of columns) {
    const cell = make("th", undefined, head, column.name ? "name" : column.wide ? "wide" : "");
    const here = sort === column.key;
    const button = make("button", column.title + (here ? (falling ? " ▾" : " ▴") : ""), cell);
    if (here) cell.setAttribute("aria-sort", falling ? "descending" : "ascending");
    button.type = "button";
    button.addEventListener("click", () => {
      falling = here ? !falling : !column.name;
      sort = column.key;
      drawFunctions();
    });
  }
  const body = make("tbody", undefined, table);
  for (const at of rows.slice(0, shown)) {
    const row = make("tr", undefined, body, at === chosen ? "chosen" : "");
    for (const column of columns) {
      if (column.name) nameCell(row, at);
      else {
        const cell = make("td", column.text(at), row, column.wide ? "wide" : "");
        if (column.heat) heat(cell, column.heat(at));
      }
    }
    pick(row, at);
  }
  const left = rows.length - shown;
  element("more").hidden = left <= 0;
  element("more").textContent = `Show ${Math.min(left, PAGE * 5).toLocaleString("en-US")} more of ${left.toLocaleString("en-US")}`;
  element("found").textContent = needle ? `${rows.length.toLocaleString("en-US")} ${rows.length === 1 ? "function matches" : "functions match"}` : "";
}

function drawNeighbours(id, own, other) {
  const table = element(id), found = [];
  table.replaceChildren();
  for (let arc = 0; arc < own.length; arc++) if (own[arc] === chosen) found.push(arc);
  const amount = (arc) => arcs.cost[metric][arc];
  found.sort((a, b) => (amount(b) ?? -Infinity) - (amount(a) ?? -Infinity));
  const none = !data.whole ? "none of those that are kept" : id === "callers" || data.flat ? "nothing that was recorded" : "nothing";
  if (!found.length) { make("td", none, make("tr", undefined, table), "name"); return; }
  const head = make("tr", undefined, make("thead", undefined, table));
  for (const title of ["Σ %", "Σ", ...(arcs.calls ? ["calls"] : [])]) make("th", title, head);
  make("th", "function", head, "name");
  const body = make("tbody", undefined, table);
  for (const arc of found.slice(0, PAGE)) {
    const row = make("tr", undefined, body), at = other[arc];
    heat(make("td", shareOf(arcs.mark[metric][arc], amount(arc)), row), amount(arc));
    make("td", cost(amount(arc)), row);
    if (arcs.calls) make("td", draw(arcs.calls[arc], []), row);
    nameCell(row, at, at === chosen ? `${functions.name[at]} (itself)` : undefined);
    pick(row, at);
  }
  if (found.length > PAGE) make("td", `and ${found.length - PAGE} more`, make("tr", undefined, body), "name");
}

function drawChosen() {
  if (!functions.name.length) return;
  element("chosen").textContent = functions.name[chosen];
  const figures = [`self ${marked(functions.self_mark[metric][chosen], cost(functions.self[metric][chosen]))}`];
  if (!data.flat) figures.push(`Σ ${marked(functions.mark[metric][chosen], cost(functions.inclusive[metric][chosen]))}`);
  const low = functions.low[metric][chosen];
  if (functions.mark[metric][chosen] && low !== null) figures.push(`at least ${cost(low)}`);
  element("place").textContent = [place(chosen), figures.join(", ")].filter(Boolean).join(" · ");
  drawNeighbours("callers", arcs.callee, arcs.caller);
  drawNeighbours("callees", arcs.caller, arcs.callee);
}

function choose(at) {
  chosen = at;
  drawFunctions();
  drawChosen();
  drawFlame();
}

// ---------------------------------------------------------------- the flame graph

const canvas = element("flame"), dark = matchMedia("(prefers-color-scheme: dark)");
let boxes = null, below = [];

function scaled(box, width) {
  const from = zoom === null ? 0 : boxes.x[zoom], wide = zoom === null ? 1 : boxes.width[zoom];
  return [(boxes.x[box] - from) / wide * width, boxes.width[box] / wide * width];
}

function drawn() {
  if (zoom === null) return boxes.x.map((_, box) => box);
  const path = [];
  for (let at = boxes.above[zoom]; at >= 0; at = boxes.above[at]) path.push(at);
  const inside = new Uint8Array(boxes.x.length);
  inside[zoom] = 1;
  for (let box = 0; box < boxes.x.length; box++) if (boxes.above[box] >= 0 && inside[boxes.above[box]]) inside[box] = 1;
  return [...path, ...boxes.x.map((_, box) => box).filter((box) => inside[box])];
}

function fitted(context, text, room) {
  if (room < 18) return "";
  if (context.measureText(text).width <= room) return text;
  let length = Math.floor(text.length * room / context.measureText(text).width) - 1;
  return length < 2 ? "" : `${text.slice(0, length)}…`;
}

function drawFlame() {
  boxes = data.flames[metric];
  const theme = data.themes[dark.matches ? 1 : 0], ratio = window.devicePixelRatio || 1, width = canvas.clientWidth;
  const wanted = drawn(), rows = wanted.reduce((most, box) => Math.max(most, boxes.row[box] + 1), 1);
  canvas.style.height = `${rows * ROW}px`;
  canvas.width = width * ratio;
  canvas.height = rows * ROW * ratio;
  const context = canvas.getContext("2d");
  context.scale(ratio, ratio);
  context.font = "11px ui-monospace, 'DejaVu Sans Mono', monospace";
  context.textBaseline = "middle";
  below = Array.from({ length: rows }, () => []);
  for (const box of wanted) {
    const [left, wide] = boxes.row[box] < (zoom === null ? 0 : boxes.row[zoom]) ? [0, width] : scaled(box, width);
    if (wide < 0.3) continue;
    below[boxes.row[box]].push([left, left + wide, box]);
    const top = boxes.row[box] * ROW, at = boxes.function[box], hit = needle && at >= 0 && matches(at);
    context.globalAlpha = zoom !== null && boxes.row[box] < boxes.row[zoom] ? 0.55 : 1;
    context.fillStyle = hit ? theme.match : theme.colours[boxes.colour[box]];
    context.fillRect(left, top, Math.max(wide - 0.7, wide / 2), ROW - 1);
    if (at >= 0 && at === chosen) {
      context.strokeStyle = theme.text;
      context.strokeRect(left + 0.5, top + 0.5, Math.max(wide - 1.7, 0.5), ROW - 2);
    }
    context.fillStyle = hit ? theme.match_text : boxes.mark[box] === "?" || at < 0 ? theme.thin : theme.text;
    context.fillText(fitted(context, boxName(box), wide - 6), left + 3, top + ROW / 2);
  }
  context.globalAlpha = 1;
  element("known").textContent = boxes.known;
  element("whole").hidden = zoom === null;
}

const boxName = (box) => (boxes.mark[box] === "<=" ? "≤" : boxes.mark[box]) + (boxes.name[box] ?? functions.name[boxes.function[box]]);

function told(box) {
  const at = boxes.function[box], mark = boxes.mark[box], words = [boxName(box)];
  if (at >= 0 && place(at)) words.push(place(at));
  if (mark === "?") words.push("cost here unknown: its width says nothing");
  else {
    words.push(`${marked(mark, cost(boxes.cost[box]))} ${percent(known(mark, boxes.cost[box]), total())}`);
    words.push(mark === "~" ? `estimated, ${cost(boxes.low[box])} to ${cost(boxes.high[box])}` : mark === "<=" ? "at most; as wide as is likely" : "exact");
  }
  return words.join("  ");
}

function boxAt(event) {
  const area = canvas.getBoundingClientRect(), row = below[Math.floor((event.clientY - area.top) / ROW)] || [];
  const x = event.clientX - area.left, found = row.find(([left, right]) => left <= x && x < right);
  return found ? found[2] : null;
}

canvas.addEventListener("mousemove", (event) => {
  const box = boxAt(event);
  if (box === hovered) return;
  hovered = box;
  if (box !== null) element("box").textContent = told(box);
});
canvas.addEventListener("click", (event) => {
  const box = boxAt(event);
  if (box === null) return;
  zoom = boxes.above[box] < 0 && boxes.width[box] > 0.9999 ? null : box;
  element("box").textContent = told(box);
  if (boxes.function[box] >= 0) choose(boxes.function[box]);
  else drawFlame();
});

// ---------------------------------------------------------------- the page

function all() {
  drawFunctions();
  drawChosen();
  drawFlame();
}

element("name").textContent = data.name;
element("origin").textContent = data.origin;
element("made").textContent = data.made;
element("cut").textContent = data.cut;
for (const note of data.notes) make("li", note, element("notes"));
metrics.forEach((measured, number) => { make("option", measured.label, element("metric")).value = number; });
element("metric").disabled = metrics.length < 2;
element("metric").addEventListener("change", (event) => { metric = Number(event.target.value); zoom = null; all(); });
element("search").addEventListener("input", (event) => { needle = event.target.value.toLowerCase(); shown = PAGE; drawFunctions(); drawFlame(); });
element("bar").addEventListener("submit", (event) => event.preventDefault());
element("more").addEventListener("click", () => { shown += PAGE * 5; drawFunctions(); });
element("whole").addEventListener("click", () => { zoom = null; drawFlame(); });
addEventListener("keydown", (event) => { if (event.key === "Escape" && zoom !== null) { zoom = null; drawFlame(); } });
addEventListener("resize", drawFlame);
dark.addEventListener("change", drawFlame);
chosen = functions.name.length ? ordered()[0] : 0;
all();
