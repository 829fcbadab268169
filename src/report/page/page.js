"use strict";
// Draws the report from the two JSON blocks above it. Text from the data only ever becomes a text node or an attribute
// set through the DOM, never markup.
(() => {
  const { data, words, at, say, el, svg, swatch, fixed, short, pairs, rings_of, inner_point, open_map, drawn_px, in_window, tell_map, tell_no_map, graticule, below, simple_table, head, order, data_table } = tuban_page;
  const plan = data.plan, periods = plan ? plan.periods : [], colours = data.colours;
  const unit = data.area_unit;
  const area_digits = dm2 => Math.floor((2 * dm2 * unit.numerator + unit.denominator) / (2 * unit.denominator));
  const area_of_digits = digits => fixed(digits / 10 ** unit.decimals, unit.decimals);
  const area = dm2 => area_of_digits(area_digits(dm2));
  const wan = yuan => fixed(Math.round(yuan / 100) / 100, 2);
  const decimals_of = { m2: 2, ha: 4, m: 1, deg: 1, m3: 1, yuan: 0 };
  const unit_word = name => words[name] ?? name;
  const cell_text = (column, value) => value === null ? "" : !column.number ? words_of_mode(column, value)
    : column.whole ? fixed(value, 0) : column.unit in decimals_of ? fixed(value, decimals_of[column.unit]) : short(value, 4);
  const words_of_mode = (column, value) => column.name === "mode" ? words[value] ?? value : value;

  const column_at = Object.fromEntries(data.columns.map((column, i) => [column.name, i]));
  const cell = (plot, name) => name in column_at ? plot.cells[column_at[name]] : null;
  const plot_dm2 = plot => cell(plot, "area_m2") === null ? null : Math.round(cell(plot, "area_m2") * 100);
  const by_id = new Map(data.plots.map(plot => [plot.id, plot]));
  const sum = values => values.reduce((a, b) => a + b, 0);
  const status_word = plot => !plan && plot.status === "unscheduled" ? say("unranked_plan") : say(plot.status);

  // Quantities of requirements
  const quantity_units = { area_ha: "ha", area_mu: "mu", area_m2: "m2", cost_wan_yuan: "wan", cost_yuan: "yuan", plots: "pieces", share: "shares", together: "groups" };
  const quantity_unit = quantity => unit_word(quantity_units[quantity] ?? data.columns[column_at[quantity]]?.unit ?? "");
  const amount = (value, quantity) => (short(value, 4) + " " + quantity_unit(quantity)).trim();
  const last = periods.length - 1;
  const is_whole = c => (c.from ?? 0) === 0 && (c.to ?? last) === last;
  const is_of = (c, index) => c.from === index && c.to === index;
  const dm2_of = { area_ha: 1e6, area_mu: 2e5 / 3, area_m2: 100 };

  // 1 What is decided
  const total_digits = sum(periods.map(p => p.area_digits)), total_cost = sum(periods.map(p => p.cost_digits)) / 100;

  function target_figure() {
    const target = plan.constraints.find(c => c.quantity in dm2_of && c.relation !== "at_most" && !c.filter && is_whole(c));
    if (!target) {
      const met = plan.constraints.filter(c => c.slack >= -1e-9).length;
      return [say("fig_require"), met + " / " + plan.constraints.length, ""];
    }
    const over = target.achieved - target.required;
    const value = Math.abs(over) < 1e-9 ? say("target_exact") : say(over > 0 ? "target_over" : "target_short", amount(Math.abs(over), target.quantity));
    let so_far = 0;
    const reached = periods.find(p => (so_far += p.area_dm2 / dm2_of[target.quantity]) >= target.required - target.tolerance - 1e-9);
    return [say("fig_target", amount(target.required, target.quantity)), value, reached ? say("target_when", reached.name) : say("target_never")];
  }

  function decide() {
    const plots_read = data.inputs.find(input => input.role === "plots");
    at("subtitle").textContent = [
      data.county, plan && periods.length ? say("years", periods[0].name + (last > 0 ? " – " + periods[last].name : "")) : "",
      plots_read ? say("data_of", plots_read.file, plots_read.rows, plots_read.sha256.slice(0, 8)) : ""].filter(Boolean).join(" · ");
    at("status").textContent = plan ? say("status_" + plan.status, short(plan.gap_pct, 4)) : say("status_none");
    at("status").classList.toggle("bad", plan?.status === "infeasible");
    const ranked = data.plots.filter(plot => plot.rank !== null);
    const planned = plan ? data.plots.filter(plot => plot.parts.length) : ranked;
    const digits = plan ? total_digits : area_digits(sum(ranked.map(plot => plot_dm2(plot) ?? 0)));
    const money = plan ? total_cost : sum(ranked.map(plot => cell(plot, "cost_yuan") ?? 0)) / 1e4;
    const figures = [
      [say(plan ? "fig_plots" : "fig_plots_all"), [planned.length, " ", el("small", null, say("pieces"))], say("fig_of", data.plots.length)],
      [say(plan ? "fig_area" : "fig_area_all"), [area_of_digits(digits), " ", el("small", null, say(unit.word))], ""],
      [say("fig_cost"), [fixed(money, 2), " ", el("small", null, say("wan"))], ""],
      plan ? target_figure() : [say("fig_ineligible"), [data.plots.length - ranked.length, " ", el("small", null, say("pieces"))], ""],
    ];
    at("figures").append(...figures.map(([name, value, more]) => el("div", null, el("dt", null, name, more ? (data.lang === "en" ? ", " : "，") + more : ""), el("dd", null, value))));
    if (plan?.conflicts.length) at("conflicts").append(el("h3", { class: "bad" }, say("conflicts")), el("ul", null, plan.conflicts.map(text => el("li", null, text))));
  }

  // 2 Where
  const indicators = data.columns.map((column, i) => ({ ...column, i })).filter(c => c.number && !c.source && data.plots.some(plot => plot.cells[c.i] !== null));
  const value_of = by => by === "rank" ? plot => plot.rank : plot => plot.cells[column_at[by.slice(7)]];
  let colouring = null;

  // Five classes of about as many plots each, limits with two digits; ranks run from dark to light.
  function classes(by) {
    const get = value_of(by), values = data.plots.map(get).filter(v => v !== null).sort((a, b) => a - b);
    const limits = [];
    for (const share of [0.2, 0.4, 0.6, 0.8]) {
      const value = Number(values[Math.floor(share * values.length)].toPrecision(2));
      if (value > values[0] && value <= values[values.length - 1] && value > (limits[limits.length - 1] ?? -Infinity)) limits.push(value);
    }
    const column = data.columns[column_at[by.slice(7)]];
    const show = v => short(v, 6);
    const colour = i => colours.ramp[Math.round((by === "rank" ? limits.length - i : i) * (colours.ramp.length - 1) / Math.max(1, limits.length))];
    const whole = by === "rank" || column.whole;
    const range = (from, to) => !whole ? show(from) + " – " + show(to) : to - from > 1 ? show(from) + " – " + show(to - 1) : show(from);
    const label = i => !limits.length ? show(values[0]) + (values[0] === values[values.length - 1] ? "" : " – " + show(values[values.length - 1]))
      : i === 0 ? "< " + show(limits[0]) : i === limits.length ? "≥ " + show(limits[i - 1]) : range(limits[i - 1], limits[i]);
    return {
      title: by === "rank" ? "" : unit_word(column.unit),
      of: plot => get(plot) === null ? -1 : limits.filter(limit => limit <= get(plot)).length,
      entries: [...limits, null].map((_, i) => ({ label: label(i), colour: colour(i), kind: "" })),
      none: { label: say("no_value"), colour: colours.not_scheduled, kind: "" },
    };
  }
  function by_period() {
    return {
      title: "", of: plot => plot.parts.length ? plot.parts[0][0] : -1,
      entries: periods.map(p => ({ label: p.name, colour: p.colour, kind: "" })),
      none: { label: say("unscheduled"), colour: colours.not_scheduled, kind: "" },
    };
  }
  const left_out = plot => plot.status === "held_out" ? { label: say("held_out"), colour: colours.alert, kind: "dashed" }
    : plot.status === "ineligible" ? { label: say("ineligible"), colour: colours.not_eligible, kind: "dashed" } : null;
  const entry_of = plot => {
    const index = colouring.of(plot), measured = colouring.by.startsWith("column:");
    return (measured && index >= 0 ? null : left_out(plot)) ?? colouring.entries[index] ?? colouring.none;
  };
  function style_of(plot) {
    const out = left_out(plot), entry = entry_of(plot);
    const style = { color: colours.outline, weight: 1, dashArray: null, fill: true, fillColor: entry.colour, fillOpacity: 0.88 };
    if (out) Object.assign(style, { color: out.colour, weight: plot.status === "held_out" ? 2 : 1.5, dashArray: plot.status === "held_out" ? null : "4 3", fillOpacity: entry.kind === "dashed" ? 0 : 0.88 });
    if (plot === selected) Object.assign(style, { color: "#000000", weight: 3 });
    return style;
  }

  let map = null, selected = null;
  const views = new Map(), groups = [];

  function make_view(plot) {
    const polygons = rings_of(plot.shape, "polygon"), lines = rings_of(plot.shape, "line").flat(), points = rings_of(plot.shape, "point").flat(2);
    const centre = polygons.length ? inner_point(polygons) : lines.length ? lines[0][Math.floor(lines[0].length / 2)] : points[0] ?? plot.at;
    if (!centre) return;
    const outline = polygons.length ? L.polygon(polygons) : lines.length ? L.polyline(lines) : null;
    const dot = L.circleMarker(centre, { radius: 6 });
    for (const layer of [outline, dot].filter(Boolean)) {
      layer.on("click", () => choose(plot, true));
      layer.bindTooltip(() => el("span", null, plot.id + " " + (cell(plot, "name") ?? "")));
    }
    views.set(plot, { far: plot.far, centre, outline, dot, bounds: outline ? outline.getBounds() : L.latLngBounds([centre]), shown: null });
  }

  // A plot too small to see as itself at this zoom is drawn as a dot.
  function draw_plots() {
    for (const [plot, view] of views) {
      const wanted = view.outline && drawn_px(map, view.bounds) >= 10 ? view.outline : view.dot;
      if (view.shown !== wanted) {
        view.shown?.remove();
        view.shown = wanted.addTo(map);
      }
      wanted.setStyle({ ...style_of(plot), ...(wanted instanceof L.Polyline && !(wanted instanceof L.Polygon) ? { fill: false, color: entry_of(plot).colour, weight: 3 } : {}) });
    }
    if (selected) views.get(selected)?.shown.bringToFront();
    window.tuban.drawn = [...views.values()].filter(view => map.hasLayer(view.shown)).length;
  }

  function context_layer(layer) {
    const group = L.layerGroup(), base = { interactive: false, color: layer.colour, weight: 1.2, opacity: 0.9, fillColor: layer.colour };
    const area_opacity = layer.key === "reserve" ? colours.reserve_opacity : layer.key === "settlement" ? 0.5 : 0.12;
    for (const shape of layer.features) {
      const polygons = rings_of(shape, "polygon"), lines = rings_of(shape, "line").flat();
      if (polygons.length) group.addLayer(L.polygon(polygons, { ...base, weight: 0.8, fillOpacity: area_opacity }));
      if (lines.length && layer.key === "railway") {
        group.addLayer(L.polyline(lines, { ...base, weight: 3.2 }));
        group.addLayer(L.polyline(lines, { ...base, color: colours.railway_gap, weight: 1.8, dashArray: "6 6", opacity: 1, lineCap: "butt" }));
      } else if (lines.length) group.addLayer(L.polyline(lines, { ...base, weight: layer.key === "road" ? 1.6 : 1.2 }));
      for (const point of rings_of(shape, "point").flat(2)) group.addLayer(L.circleMarker(point, { ...base, radius: 3, fillOpacity: 0.9 }));
    }
    return group;
  }

  function draw_map() {
    tell_map();
    if (!data.plots.some(plot => plot.shape.length || plot.at)) return tell_no_map();
    data.plots.forEach(make_view);
    const all = L.latLngBounds([...views.values()].filter(view => !view.far).flatMap(view => [view.bounds.getSouthWest(), view.bounds.getNorthEast()]));
    map = open_map(all);
    for (const layer of [...data.layers].sort((a, b) => has_areas(b) - has_areas(a))) groups.push({ layer, group: context_layer(layer).addTo(map) });
    groups.push({ layer: { key: "graticule", label: say("graticule"), colour: "#8b96a3" }, group: graticule(map) });
    map.on("zoomend", draw_plots);
  }
  const has_kind = (layer, kind) => (layer.features ?? []).some(shape => shape.some(part => part.kind === kind));
  const has_areas = layer => has_kind(layer, "polygon");
  const swatch_kind = layer => layer.key === "railway" ? "rail" : has_areas(layer) ? "" : has_kind(layer, "point") ? "dot" : "line";

  function legend() {
    const list = el("ul"), counts = new Map();
    for (const plot of data.plots) {
      const key = entry_of(plot), same = [...counts.keys()].find(k => k.label === key.label) ?? key;
      counts.set(same, (counts.get(same) ?? 0) + 1);
    }
    const entries = [...colouring.entries, ...[...counts.keys()].filter(key => !colouring.entries.includes(key))];
    list.append(...entries.map(entry => el("li", null, swatch(entry.kind, entry.colour), el("span", null, entry.label), el("span", { class: "count" }, counts.get(entry) ?? 0))));
    return list;
  }

  function set_colouring(by) {
    colouring = { ...(by === "period" ? by_period() : classes(by)), by };
    at("legend").replaceChildren(...(colouring.title ? [el("p", { class: "note" }, colouring.title)] : []), legend());
    if (map) draw_plots();
  }

  function draw_beside() {
    const choices = [...(plan ? [["period", say("by_period")]] : []), ...(data.plots.some(p => p.rank !== null) ? [["rank", say("by_rank")]] : []),
      ...indicators.map(c => ["column:" + c.name, c.label])];
    const select = el("select", { id: "colour-by", onchange: event => set_colouring(event.target.value) }, choices.map(([value, label]) => el("option", { value }, label)));
    at("beside").append(
      el("label", null, say("colour_by") + " ", select), el("h3", null, say("legend")), el("div", { id: "legend" }),
      ...(groups.length ? [el("h3", null, say("layers")), el("ul", null, groups.map(({ layer, group }) => el("li", null, el("label", null,
        el("input", { type: "checkbox", checked: true, onchange: event => event.target.checked ? below(group.addTo(map)) : group.remove() }), " ",
        swatch(swatch_kind(layer), layer.colour), " ", layer.label))))] : []));
    if (choices.length) set_colouring(choices[0][0]);
  }

  // 3 When
  const ink_on = colour => {
    const [r, g, b] = [1, 3, 5].map(i => parseInt(colour.slice(i, i + 2), 16));
    return 0.299 * r + 0.587 * g + 0.114 * b > 150 ? "#1f2933" : "#ffffff";
  };
  const measures = [
    { name: "area", unit: say(unit.word), of: p => p.area_digits / 10 ** unit.decimals, show: v => fixed(v, unit.decimals), limit: c => c.quantity in dm2_of ? c.required * dm2_of[c.quantity] * unit.numerator / unit.denominator / 10 ** unit.decimals : null },
    { name: "cost", unit: say("wan"), of: p => p.cost_digits / 100, show: v => fixed(v, 2), limit: c => c.quantity === "cost_wan_yuan" ? c.required : c.quantity === "cost_yuan" ? c.required / 1e4 : null },
    { name: "count", unit: say("pieces"), of: p => p.plots, show: v => fixed(v, 0), limit: c => c.quantity === "plots" ? c.required : null },
  ];

  function bar_row(measure, row, top, scale) {
    const x = value => Math.max(0, value * scale), end = x(sum(row.pieces.map(piece => piece.value))), text = measure.show(row.value);
    const inside = end > text.length * 8 + 12, stacked = row.pieces.length > 1;
    return svg("g", { transform: `translate(0 ${top})` },
      svg("text", { x: 0, y: 13, "font-size": 13 }, row.name),
      svg("text", { x: 360, y: 13, "font-size": 12, "text-anchor": "end", fill: "#5f6b7a" }, row.limits.map(limit => limit.words).join(data.lang === "en" ? "; " : "；")),
      svg("rect", { x: 0, y: 19, width: 360, height: 18, fill: "#f1f3f5" }),
      row.pieces.map((piece, i) => svg("rect", { x: x(sum(row.pieces.slice(0, i).map(p => p.value))), y: 19, width: x(piece.value), height: 18, fill: piece.colour })),
      row.limits.filter(limit => limit.tick).map(limit => svg("line", { x1: x(limit.value), x2: x(limit.value), y1: 16, y2: 40, stroke: "#1f2933", "stroke-width": 1.5 })),
      svg("text", { x: inside ? end - 6 : end + 6, y: 33, "font-size": 13, "font-weight": "bold", "text-anchor": inside ? "end" : "start", fill: inside && !stacked ? ink_on(row.pieces[0].colour) : "#1f2933",
        ...(stacked ? { stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke", "stroke-linejoin": "round" } : {}) }, text));
  }

  function bar_figure(measure) {
    const relevant = plan.constraints.filter(c => !c.filter && measure.limit(c) !== null);
    const limit = (c, tick) => ({ value: measure.limit(c), tick, words: (tick ? "" : say("until", periods[c.to].name) + " ") + say(c.relation, short(measure.limit(c), 4)) });
    const rows = periods.map((p, i) => ({
      name: p.name, value: measure.of(p), pieces: [{ value: measure.of(p), colour: p.colour }],
      limits: relevant.filter(c => is_of(c, i)).map(c => limit(c, true)).concat(relevant.filter(c => i > 0 && i < last && (c.from ?? 0) === 0 && c.to === i).map(c => limit(c, false))),
    }));
    const whole = measure.name === "count" ? data.plots.filter(plot => plot.parts.length).length : sum(periods.map(measure.of));
    if (periods.length > 1) rows.push({
      name: say("total"), value: whole, pieces: measure.name === "count" ? [{ value: whole, colour: "#5f6b7a" }] : periods.map(p => ({ value: measure.of(p), colour: p.colour })),
      limits: relevant.filter(is_whole).map(c => limit(c, true)),
    });
    const most = Math.max(1e-9, ...rows.map(row => row.value), ...rows.flatMap(row => row.limits.filter(l => l.tick).map(l => l.value)));
    const label = rows.map(row => row.name + " " + measure.show(row.value) + " " + row.limits.map(l => l.words).join(" ")).join("; ");
    return el("figure", null, el("figcaption", null, say(measure.name), " ", el("span", { class: "unit" }, measure.unit)),
      svg("svg", { viewBox: `0 0 362 ${rows.length * 50}`, role: "img", "aria-label": label }, rows.map((row, i) => bar_row(measure, row, i * 50, 356 / most))));
  }

  function draw_bars() {
    if (!plan) at("bars").replaceWith(el("p", null, say("no_bars")));
    else at("bars").append(...measures.map(bar_figure));
    // On paper the bars share the first page with the result: map and table have pages of their own.
    window.addEventListener("beforeprint", () => at("where").before(at("when")));
    window.addEventListener("afterprint", () => at("where").after(at("when")));
  }

  // 4 Which
  const chip = ([index, pct]) => el("span", { class: "badge" }, swatch("", periods[index].colour), periods[index].name + (pct < 100 ? " " + pct + "%" : ""));
  const number_column = (key, unit_name, get, show) => ({ key, unit: unit_name, num: true, get, show: plot => get(plot) === null ? "" : show(get(plot)) });
  const text_column = (key, get) => ({ key, get, show: plot => get(plot) ?? "" });
  const columns = [
    number_column("rank", "", plot => plot.rank, v => fixed(v, 0)),
    { ...text_column("plot_id", plot => plot.id), css: "id" },
    text_column("name", plot => cell(plot, "name")),
    text_column("town", plot => cell(plot, "town")),
    text_column("mode", plot => { const mode = cell(plot, "mode"); return mode === null ? null : words[mode] ?? mode; }),
    { key: "period", get: plot => plot.parts.length ? plot.parts[0][0] : null, show: plot => plot.parts.map((part, i) => [i ? el("br") : null, chip(part)]) },
    number_column("area", say(unit.word), plot_dm2, area),
    number_column("cost", say("wan"), plot => cell(plot, "cost_yuan"), wan),
    number_column("share", "", plot => plot.parts.length ? sum(plot.parts.map(part => part[1])) : null, v => fixed(v, 0)),
    text_column("tier", plot => plot.tier),
    number_column("score", "", plot => plot.score, v => short(v, 3)),
    { key: "status", get: status_word, show: plot => [status_word(plot), plot.shape.length || plot.status === "held_out" ? null : el("span", { class: "note" }, " " + say("no_shape"))] },
  ].filter(column => ["plot_id", "status"].includes(column.key) || column.key === "share"
    ? column.key !== "share" || data.plots.some(plot => plot.parts.length && column.get(plot) < 100) : data.plots.some(plot => column.get(plot) !== null && column.get(plot) !== ""));
  let rows = new Map();

  function row_key(event) {
    const row = event.target.closest("tr[data-id]");
    if (!row) return;
    const body = [...row.parentNode.rows], i = body.indexOf(row);
    const next = { ArrowDown: body[i + 1], ArrowUp: body[i - 1], Home: body[0], End: body[body.length - 1] }[event.key];
    if (next) { row.tabIndex = -1; next.tabIndex = 0; next.focus(); }
    if (event.key === "Enter" || event.key === " ") choose(by_id.get(row.dataset.id), false);
    if (next || event.key === "Enter" || event.key === " ") event.preventDefault(); // or Enter would press the card's close button
  }
  function draw_table() {
    const towns = [...new Set(data.plots.map(plot => cell(plot, "town")).filter(Boolean))].sort(order);
    const in_period = (plot, period) => period === "none" ? !plot.parts.length : plot.parts.some(part => String(part[0]) === period);
    const filters = [
      ...(plan ? [{ id: "period-filter", label: "period", all: "all_periods", fits: in_period, options: [...periods.map((p, i) => [i, p.name]), ["none", say("none_period")]] }] : []),
      ...(towns.length > 1 ? [{ id: "town-filter", label: "town", all: "all_towns", fits: (plot, town) => cell(plot, "town") === town, options: towns.map(town => [town, town]) }] : [])];
    data_table({
      items: data.plots, columns, sort: "rank", filters, tie: (a, b) => order(a.id, b.id), onkeydown: row_key, drawn: shown => { rows = shown; },
      texts: plot => [plot.id, cell(plot, "name"), cell(plot, "town"), plot.tier],
      attributes: (plot, i) => ({ tabindex: i ? -1 : 0, "data-id": plot.id, "aria-selected": String(plot === selected), onclick: () => choose(plot, false) }),
    });
  }

  // 5 Why
  function outline(plot) {
    const rings = plot.shape.filter(part => part.kind === "polygon").flatMap(part => part.rings.map(pairs));
    if (!rings.length) return null;
    const lats = rings.flat().map(p => p[0]), lons = rings.flat().map(p => p[1]), scale_lon = Math.cos(lats[0] * Math.PI / 180);
    const low = list => list.reduce((a, b) => Math.min(a, b)), high = list => list.reduce((a, b) => Math.max(a, b));
    const [s, n, w, e] = [low(lats), high(lats), low(lons), high(lons)];
    const metres = 111320, k = Math.min(380 / Math.max(1e-9, (e - w) * scale_lon * metres), 170 / Math.max(1e-9, (n - s) * metres));
    const x = lon => 200 + (lon - (w + e) / 2) * scale_lon * metres * k, y = lat => 92 - (lat - (s + n) / 2) * metres * k;
    const path = rings.map(ring => "M" + ring.map(p => x(p[1]).toFixed(1) + " " + y(p[0]).toFixed(1)).join("L") + "Z").join("");
    const bar = [10000, 5000, 2000, 1000, 500, 200, 100, 50, 20, 10, 5, 2].find(m => m * k <= 100) ?? 1;
    const style = style_of({ ...plot });
    return svg("svg", { viewBox: "0 0 400 206", role: "img", "aria-label": say("outline", bar) },
      svg("path", { d: path, fill: style.fillColor, "fill-opacity": style.fillOpacity, stroke: style.color, "stroke-dasharray": style.dashArray, "fill-rule": "evenodd" }),
      svg("path", { d: `M10 192v6h${(bar * k).toFixed(1)}v-6`, fill: "none", stroke: "#5f6b7a" }),
      svg("text", { x: 16 + bar * k, y: 199, "font-size": 12, fill: "#5f6b7a" }, bar + " " + say("m")));
  }
  function rule_section(plot) {
    const rule_of = id => data.rules.find(rule => rule.id === id) ?? { name: id, basis: "" };
    const line = ([id, value, points]) => [rule_of(id).name, value, short(points, 3), rule_of(id).basis];
    const heads = [head("rule"), head("value"), head("points", true), head("basis")];
    const fired = plot.points.filter(part => part[2] !== 0), zero = plot.points.filter(part => part[2] === 0), gate = plot.gate ? rule_of(plot.gate) : null;
    return [
      gate ? [el("h3", null, say("gate_failed")), el("p", null, gate.name), gate.basis ? el("p", { class: "note" }, say("basis") + ": " + gate.basis) : null] : null,
      plot.rank === null ? null : [el("h3", null, say("rules_fired")), fired.length ? simple_table(heads, fired.map(line)) : el("p", { class: "note" }, say("rules_none"))],
      zero.length ? el("details", null, el("summary", null, say("rules_zero", zero.length)), simple_table(heads, zero.map(line))) : null,
    ].flat();
  }
  function zone_section(plot) {
    if (!data.profile) return [];
    const rule_of = index => data.profile.rules[index];
    const note = text => el("div", { class: "note" }, text);
    const line = ([index, verdict, share, found]) => [[rule_of(index).name, rule_of(index).basis ? note(rule_of(index).basis) : null], say("zone_" + verdict),
      [found, share === null || verdict !== "yes" ? null : note(say("zone_share", short(share * 100, 2)))]];
    const heads = [head("zone_rule"), head("zone_verdict"), head("zone_found")];
    return [el("h3", null, say("zones")), el("p", { class: "note" }, data.profile.name),
      plot.zones.length ? simple_table(heads, plot.zones.map(line)) : el("p", { class: "note" }, say("zones_none"))];
  }
  function move_words([, cost, breaks]) {
    if (breaks) return say("move_breaks", breaks);
    if (cost === null) return say("move_no");
    if (Math.abs(cost) < 1e-9) return say("move_free");
    const pct = plan.objective ? Math.abs(cost / plan.objective) * 100 : 0;
    return say("move_ok", pct ? say("move_pct", short(cost, 2), pct < 0.01 ? "< 0.01" : short(pct, 2)) : short(cost, 2));
  }
  function period_section(plot) {
    const split = plot.parts.length > 1 || plot.parts.some(part => part[1] < 100);
    return [
      plot.why_period ? [el("h3", null, say("why_period")), el("p", null, plot.why_period)] : null,
      split ? [el("h3", null, say("parts")), simple_table([head("period"), head("share", true), { text: say("area") + " (" + say(unit.word) + ")", num: true }, { text: say("cost") + " (" + say("wan") + ")", num: true }],
        plot.parts.map(part => [chip([part[0], 100]), part[1], area(part[2]), wan(part[3])]))] : null,
      plot.moves.length ? [el("h3", null, say("moves")), simple_table(null, plot.moves.map(move => [move[0] === null ? say("move_out") : say("move_to", periods[move[0]].name), move_words(move)]))] : null,
    ].flat();
  }
  function use_section(plot) {
    const lines = plot.uses.map(([name, verdict, reason]) => [name, say("use_" + verdict), reason]);
    return lines.length ? [el("h3", null, say("uses")), simple_table([head("use"), head("verdict"), head("reason")], lines)] : [];
  }
  function figure_section(plot) {
    const lines = source => data.columns.map((column, i) => [column, plot.cells[i]])
      .filter(([column, value]) => column.source === source && value !== null && value !== "" && !["plot_id", "name", "area_basis"].includes(column.name))
      .map(([column, value]) => [column.label + (column.unit ? " (" + unit_word(column.unit) + ")" : ""), cell_text(column, value)]);
    const own = lines(false), source = lines(true);
    return [
      own.length ? [el("h3", null, say("figures")), simple_table(null, own)] : null,
      source.length ? el("details", null, el("summary", null, say("attributes")), simple_table(null, source)) : null,
    ].flat();
  }

  function draw_card(plot) {
    const view = views.get(plot), key = [
      plot.rank === null ? null : say("rank") + " " + plot.rank, plot.score === null ? null : say("score") + " " + short(plot.score, 3), plot.tier,
      plot.state === "repaired" ? say("repaired") : null, plot.shape.length || plot.status === "held_out" ? null : say("no_shape")];
    at("card").replaceChildren(
      el("div", { class: "bar" }, view ? el("button", { type: "button", onclick: () => { close_card(); at("map").scrollIntoView({ block: "center" }); } }, say("show_on_map")) : "",
        el("button", { type: "button", id: "card-close", onclick: close_card }, say("close"))),
      el("h2", null, plot.id + (cell(plot, "name") ? " " + cell(plot, "name") : "")),
      el("div", { class: "key" }, plot.parts.length ? plot.parts.map(chip) : el("span", null, status_word(plot)), key.filter(Boolean).map(text => el("span", null, text))),
      ...[outline(plot), ...period_section(plot), plot.why_rank ? el("h3", null, say("why_rank")) : null, plot.why_rank ? el("p", null, plot.why_rank) : null, ...rule_section(plot), ...zone_section(plot), ...use_section(plot), ...figure_section(plot)].filter(Boolean));
  }

  let opener = null;
  function choose(plot, from_map) {
    const before = selected;
    if (at("card").hidden) opener = from_map ? at("map") : rows.get(plot);
    selected = plot;
    window.tuban.open = plot.id;
    draw_card(plot);
    at("card").hidden = false;
    at("card").scrollTop = 0;
    at("card-close").focus({ preventScroll: true });
    rows.get(before)?.setAttribute("aria-selected", "false");
    rows.get(plot)?.setAttribute("aria-selected", "true");
    const view = views.get(plot);
    if (view && !from_map) view.outline ? map.fitBounds(view.bounds, { maxZoom: Math.max(map.getZoom(), 14), animate: false }) : map.setView(view.centre, map.getZoom(), { animate: false });
    if (map) draw_plots();
  }
  function close_card() {
    at("card").hidden = true;
    window.tuban.open = null;
    opener?.focus({ preventScroll: true });
  }

  // 6 What limits
  const range_words = c => is_whole(c) && last > 0 ? say("whole_plan") : c.from === c.to && c.from !== null ? periods[c.from].name
    : (c.from ?? 0) === 0 ? say("until", periods[c.to ?? last]?.name ?? "") : say("to", periods[c.from].name, periods[c.to ?? last].name);
  function required_words(c) {
    if (c.quantity === "together") return say("slack_together");
    const needed = amount(c.required, c.quantity);
    return c.relation === "equal" && c.tolerance ? say("equal_within", needed, amount(c.tolerance, c.quantity)) : say(c.relation, needed);
  }
  function slack_words(c) {
    if (c.slack < -1e-9) return el("span", { class: "bad" }, say("slack_broken", amount(-c.slack, c.quantity)));
    if (c.quantity === "together") return say("slack_together");
    if (c.relation === "equal") return say(c.tolerance ? "slack_equal" : "target_exact");
    if (c.slack < 1e-9) return say(c.relation === "at_most" ? "slack_tight" : "target_exact");
    return say(c.relation === "at_most" ? "slack_left" : "slack_over", amount(c.slack, c.quantity));
  }
  function draw_constraints() {
    if (!plan || !plan.constraints.length) return at("constraints").append(el("p", null, say(plan ? "no_requirements" : "no_limits")));
    const priced = plan.constraints.some(c => c.price !== null);
    const heads = [head("requirement"), head("range"), head("required"), head("achieved", true), head("slack"), ...(priced ? [head("price")] : [])];
    at("constraints").append(simple_table(heads, plan.constraints.map(c => [
      [c.name + (c.soft ? say("soft") : ""), c.filter ? el("div", { class: "note" }, say("only", c.filter)) : null], range_words(c), required_words(c),
      c.quantity === "together" ? "" : amount(c.achieved, c.quantity), slack_words(c),
      ...(priced ? [c.price === null ? "" : say("price_words", quantity_unit(c.quantity), short(c.price, 4))] : [])])));
  }

  // 7 What to know
  function draw_know() {
    const place = issue => [issue.file, issue.layer, issue.row === null ? "" : say("row", issue.row), issue.field].filter(Boolean).join(" ");
    const rank_of = { error: 0, warning: 1, note: 2 };
    const issues = data.issues.map((issue, i) => [issue, i]).sort((a, b) => rank_of[a[0].severity] - rank_of[b[0].severity] || a[1] - b[1]).map(([issue]) => issue);
    at("issues").append(issues.length ? simple_table([head("severity"), head("plot_id"), head("place"), head("message")], issues.map(issue => [
      el("span", { class: issue.severity === "error" ? "bad" : null }, say(issue.severity)), issue.plot, place(issue), issue.message])) : el("p", null, say("no_issues")));
    const role = name => words["role_" + name] ?? data.layers.find(layer => layer.key === name)?.label ?? name;
    at("inputs").append(simple_table([head("role"), head("file"), head("rows", true), head("crs"), head("encoding"), { text: "SHA-256", css: "hash" }],
      data.inputs.map(input => [role(input.role), input.file + (input.layer ? " : " + input.layer : ""), fixed(input.rows, 0), input.crs, input.encoding, input.sha256])));
    const facts = [[say("program"), "tuban " + data.tuban], ...(plan ? [[say("solver"), plan.solver], [say("seed"), data.seed]] : []), [say("project_hash"), el("span", { class: "hash" }, data.project_sha256)]];
    at("versions").append(simple_table([{ text: "" }, { text: "" }], facts));
    at("versions").querySelector("thead").remove();
    if (plan?.stages.length) at("versions").append(simple_table([head("stage"), head("objective", true), head("bound", true), head("gap", true)],
      plan.stages.map(stage => [stage.name, short(stage.objective, 2), short(stage.bound, 2), short(stage.gap_pct, 4)])));
    at("versions").append(el("p", { class: "note" }, say("area_note", say(unit.word))));
    for (const note of data.area_notes) at("versions").append(el("p", { class: "note" }, note));
  }

  // For tests: how many plots the map shows, which card is open, where on the page a plot is drawn.
  window.tuban = {
    drawn: 0, open: null, plots: data.plots.length,
    point: id => in_window(map, views.get(by_id.get(id)).centre),
  };
  decide();
  draw_map();
  draw_beside();
  draw_bars();
  draw_table();
  draw_constraints();
  draw_know();
  document.addEventListener("keydown", event => { if (event.key === "Escape" && !at("card").hidden) close_card(); });
})();
