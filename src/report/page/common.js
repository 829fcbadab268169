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

  // Tables
  const simple_table = (heads, lines) => el("div", { class: "scroll" }, el("table", null,
    heads ? el("thead", null, el("tr", null, heads.map(head => el("th", { class: head.num ? "num" : null, scope: "col" }, head.text)))) : null,
    el("tbody", null, lines.map(line => el("tr", null, line.map((value, i) => el("td", { class: heads?.[i]?.num || (!heads && i === 1) ? "num" : heads?.[i]?.css }, value)))))));
  const head = (key, num, css) => ({ text: say(key), num, css });

  return { data, words, at, say, el, svg, swatch, fixed, short, pairs, rings_of, inner_point, open_map, graticule, below, simple_table, head };
})();
