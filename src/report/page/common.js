"use strict";
// What the report and the page of a check share: the two JSON blocks, elements, figures, the map and plain tables. Text
// from the data only ever becomes a text node or an attribute set through the DOM, never markup.
const tuban_page = (() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const words = JSON.parse(document.getElementById("words").textContent);
  const at = id => document.getElementById(id);
  const say = (key, ...values) => (words[key] ?? key).replace(/\{(\d)\}/g, (_, i) => values[i]);

  // Elements
  const fill = (node, attributes, children) => {
    for (const [name, value] of Object.entries(attributes ?? {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined));
    return node;
  };
  const el = (tag, attributes, ...children) => fill(document.createElement(tag), attributes, children);
  const svg = (tag, attributes, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
  const swatch = (kind, colour) => {
    const node = el("span", { class: "swatch " + kind });
    if (kind === "line") node.style.borderTopColor = colour;
    else if (kind === "dashed") node.style.borderColor = colour;
    else if (kind !== "rail") node.style.background = colour;
    return node;
  };

  // Figures
  const thin = "\u202f";
  const grouped = text => text.replace(/^(-?)(\d+)/, (_, sign, whole) => (sign ? "−" : "") + whole.replace(/\B(?=(\d{3})+$)/g, thin));
  const fixed = (value, decimals) => grouped(value.toFixed(decimals));
  const short = (value, decimals = 4) => grouped(decimals ? value.toFixed(decimals).replace(/\.?0+$/, "") : value.toFixed(0));

  // Shapes
  const pairs = flat => { const points = []; for (let i = 0; i < flat.length; i += 2) points.push([flat[i], flat[i + 1]]); return points; };
  const rings_of = (shape, kind) => shape.filter(part => part.kind === kind).map(part => part.rings.map(pairs));

  // A point inside of the largest polygon: the middle of its widest stretch on the parallel through its middle.
  function inner_point(polygons) {
    let best = null;
    for (const rings of polygons) {
      const lats = rings[0].map(p => p[0]), lat = (Math.min(...lats) + Math.max(...lats)) / 2 + 1e-9, crossings = [];
      for (const ring of rings) ring.forEach((a, i) => {
        const b = ring[(i + 1) % ring.length];
        if ((a[0] > lat) !== (b[0] > lat)) crossings.push(a[1] + (lat - a[0]) / (b[0] - a[0]) * (b[1] - a[1]));
      });
      crossings.sort((a, b) => a - b);
      for (let i = 0; i + 1 < crossings.length; i += 2) {
        const width = crossings[i + 1] - crossings[i];
        if (!best || width > best.width) best = { width, point: [lat, (crossings[i] + crossings[i + 1]) / 2] };
      }
    }
    return best?.point ?? polygons[0][0][0];
  }

  // The map
  // Below the plots, on the same canvas: of canvases that lie over each other only the top one gets to paper.
  const below = group => { for (const line of group.getLayers().reverse()) line.bringToBack?.(); };
  const angle = (seconds, sides) => {
    const s = Math.abs(Math.round(seconds)), part = (n, mark) => String(n).padStart(2, "0") + mark;
    return Math.floor(s / 3600) + "°" + (s % 3600 ? part(Math.floor(s / 60) % 60, "′") : "") + (s % 60 ? part(s % 60, "″") : "") + sides[seconds < 0 ? 1 : 0];
  };
  const grid_steps_s = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000];

  function draw_grid(map, group) {
    group.clearLayers();
    const bounds = map.getBounds(), [w, s, e, n] = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    const step = grid_steps_s.find(seconds => seconds / 3600 / (e - w) * map.getSize().x >= 120) ?? 36000;
    const line = points => group.addLayer(L.polyline(points, { interactive: false, color: "#8b96a3", weight: 0.5, opacity: 0.7 }));
    const label = (point, text, anchor, align) => {
      const node = el("div", null, text);
      node.style.textAlign = align;
      group.addLayer(L.marker(point, { interactive: false, keyboard: false, icon: L.divIcon({ className: "grid-label", html: node, iconSize: [90, 16], iconAnchor: anchor }) }));
    };
    for (let k = Math.ceil(w * 3600 / step) * step; k <= e * 3600; k += step) { line([[s, k / 3600], [n, k / 3600]]); label([n, k / 3600], angle(k, "EW"), [-3, 0], "left"); }
    for (let k = Math.ceil(s * 3600 / step) * step; k <= n * 3600; k += step) { line([[k / 3600, w], [k / 3600, e]]); label([k / 3600, e], angle(k, "NS"), [94, 17], "right"); }
    if (map.hasLayer(group)) below(group);
  }

  // Meridians and parallels that follow the view.
  function graticule(map) {
    const group = L.layerGroup().addTo(map);
    draw_grid(map, group);
    map.on("moveend", () => draw_grid(map, group));
    return group;
  }

  // A map of these bounds without tiles.
  function open_map(bounds) {
    const map = L.map("map", { preferCanvas: true, attributionControl: false, zoomControl: false, zoomSnap: 0.25, zoomAnimation: false, fadeAnimation: false, maxZoom: 20 });
    const fit = () => map.fitBounds(bounds, { padding: [28, 28], maxZoom: 16, animate: false });
    fit();
    // A popup that does not fit moves the map: at once, for those who asked for less motion.
    if (window.matchMedia("(prefers-reduced-motion: reduce)").matches) map.panBy = (offset, how) => L.Map.prototype.panBy.call(map, offset, { ...how, animate: false });
    L.control.zoom({ zoomInTitle: say("zoom_in"), zoomOutTitle: say("zoom_out") }).addTo(map);
    L.control.scale({ imperial: false }).addTo(map);
    // On paper the map has another width than on screen.
    const resize = width => { at("map").style.width = width; map.invalidateSize({ animate: false }); fit(); map.fire("viewreset"); };
    window.addEventListener("beforeprint", () => resize("690px"));
    window.addEventListener("afterprint", () => resize(""));
    return map;
  }

  // How wide or high bounds are drawn, whichever is more, px.
  function drawn_px(map, bounds) {
    const a = map.latLngToContainerPoint(bounds.getNorthWest()), b = map.latLngToContainerPoint(bounds.getSouthEast());
    return Math.max(Math.abs(b.x - a.x), Math.abs(b.y - a.y));
  }

  // Where in the window a place of the map is, for tests.
  function in_window(map, place) {
    const frame = at("map").getBoundingClientRect(), p = map.latLngToContainerPoint(place);
    return { x: frame.left + at("map").clientLeft + p.x, y: frame.top + at("map").clientTop + p.y };
  }

  // What the map does not show, or that there is none.
  function tell_map() {
    const missing = data.plots.filter(plot => !plot.shape.length).length, far = data.plots.filter(plot => plot.far).length;
    at("map-note").textContent = [far ? say("far_away", far) : "", missing ? say("not_on_map", missing) : "", data.tolerance_m ? say("simplified", data.tolerance_m) : ""].join(" ").trim();
  }
  function tell_no_map(why = "no_map") {
    at("map").classList.add("empty");
    at("map").textContent = say(why);
  }

  // Tables
  const simple_table = (heads, lines) => el("div", { class: "scroll" }, el("table", null,
    heads ? el("thead", null, el("tr", null, heads.map(head => el("th", { class: head.num ? "num" : null, scope: "col" }, head.text)))) : null,
    el("tbody", null, lines.map(line => el("tr", null, line.map((value, i) => el("td", { class: heads?.[i]?.num || (!heads && i === 1) ? "num" : heads?.[i]?.css }, value)))))));
  const head = (key, num, css) => ({ text: say(key), num, css });

  const order = (a, b) => a < b ? -1 : a > b ? 1 : 0;

  // The table of the page: sorted by a press on a heading, searched and filtered above, cut until all is asked for.
  //   columns     [{ key, get(item), show(item), num, css, unit }]: `get` is sorted by, empty cells last; no `show`: as it is
  //   tie         (a, b) → order of items that are alike in the column; none: as they stand
  //   texts       (item) → what the search looks in
  //   filters     [{ id, label, all, options: [[value, words]], fits(item, value) }]
  //   attributes  (item, i) → those of its row; `drawn` is told the rows that are shown, by item
  function data_table({ items, columns, sort, tie = () => 0, texts, filters, attributes, drawn, onkeydown }) {
    const most_rows = 500;
    const now = { sort, down: false, text: "", chosen: filters.map(() => ""), all: false };
    const is_empty = value => value === null || value === "";
    const fits = item => (!now.text || texts(item).some(text => (text ?? "").toLowerCase().includes(now.text))) &&
      filters.every((filter, i) => now.chosen[i] === "" || filter.fits(item, now.chosen[i]));
    function found() {
      const column = columns.find(c => c.key === now.sort) ?? columns[0], way = now.down ? -1 : 1;
      return items.filter(fits).sort((a, b) => {
        const x = column.get(a), y = column.get(b);
        return is_empty(x) - is_empty(y) || (is_empty(x) ? 0 : way * order(x, y)) || tie(a, b);
      });
    }
    const draw_row = (item, i) => el("tr", attributes(item, i), columns.map(column => el("td", { class: column.num ? "num" : column.css }, (column.show ?? column.get)(item))));
    function draw() {
      const all = found(), shown = now.all ? all : all.slice(0, most_rows);
      for (const cell of at("plots").tHead.rows[0].cells) cell.setAttribute("aria-sort", cell.dataset.key !== now.sort ? "none" : now.down ? "descending" : "ascending");
      const rows = new Map(shown.map((item, i) => [item, draw_row(item, i)]));
      at("plots").tBodies[0].replaceChildren(...rows.values());
      drawn?.(rows);
      at("plots-note").replaceChildren(all.length ? say("rows_shown", shown.length, items.length) + " " : say("empty_table"),
        ...(shown.length < all.length ? [el("button", { type: "button", onclick: draw_all }, say("show_all"))] : []));
    }
    const draw_all = () => { now.all = true; draw(); };
    const draw_changed = () => { now.all = false; draw(); };
    const choice = ({ id, label, all, options }, i) => el("select", { id, "aria-label": say(label), onchange: event => { now.chosen[i] = event.target.value; draw_changed(); } },
      el("option", { value: "" }, say(all)), options.map(([value, text]) => el("option", { value }, text)));
    const heading = column => el("th", { class: column.num ? "num" : null, scope: "col", "data-key": column.key },
      el("button", { type: "button", onclick: () => { now.down = now.sort === column.key && !now.down; now.sort = column.key; draw(); } }, say(column.key)),
      column.unit ? el("span", { class: "unit" }, " (" + column.unit + ")") : null);
    at("tools").append(el("input", { type: "search", id: "search", placeholder: say("search"), "aria-label": say("search"),
      oninput: event => { now.text = event.target.value.trim().toLowerCase(); draw_changed(); } }), ...filters.map(choice));
    at("plots").append(el("thead", null, el("tr", null, columns.map(heading))), el("tbody", { onkeydown }));
    draw();
    window.addEventListener("beforeprint", draw_all);
  }

  return { data, words, at, say, el, svg, swatch, fixed, short, pairs, rings_of, inner_point, open_map, drawn_px, in_window, tell_map, tell_no_map, graticule, below, simple_table, head, order, data_table };
})();
