"use strict";
// Draws what tuban check found from the JSON block above it.
(() => {
  const { data, words, at, say, el, swatch, fixed, short, rings_of, inner_point, open_map, drawn_px, in_window, tell_map, tell_no_map, graticule, simple_table, head, order, data_table } = tuban_page;
  const colours = data.colours, ranks = { error: 0, warning: 1, note: 2 };
  const by_row = new Map(data.plots.map(plot => [plot.row, plot]));
  const count = severity => data.issues.filter(issue => issue.severity === severity).length;
  const kind_word = code => data.kinds[code]?.name ?? code;
  const colour_of = { ok: colours.ok, repaired: colours.repaired, held_out: colours.alert, no_geometry: colours.none };
  const marker_colour = { error: colours.alert, warning: colours.repaired, note: colours.none };

  // Shapes without a known CRS are nowhere: nothing was looked for in them.
  const examined = data.crs !== null || !data.plots.some(plot => plot.status === "held_out");
  const none = word => el("p", null, say(examined ? word : "not_examined"));

  // 1 What was found
  function tell_result() {
    at("subtitle").textContent = say("data_of", data.file + (data.layer ? " " + data.layer : ""), data.rows, data.crs ?? say("no_crs"));
    const errors = count("error"), warnings = count("warning");
    at("status").textContent = say(errors ? "status_errors" : warnings ? "status_warnings" : "status_good");
    at("status").classList.toggle("bad", errors > 0);
    const figures = [["fig_rows", fixed(data.rows, 0), "pieces"], ["fig_eligible", fixed(data.eligible, 0), "pieces"], ["fig_area", short(data.total_ha, 6), "ha"], ["fig_issues", errors + " / " + warnings, ""]];
    at("figures").append(...figures.map(([name, value, unit]) => el("div", null, el("dt", null, say(name)), el("dd", null, value, unit ? [" ", el("small", null, say(unit))] : ""))));
  }

  // 2 Where
  let map = null;
  const views = [], markers = new Map();

  function add_plot(plot) {
    const polygons = rings_of(plot.shape, "polygon");
    if (!polygons.length) return;
    const colour = colour_of[plot.status], held = plot.status === "held_out";
    const style = { color: held ? colours.alert : colours.outline, weight: held ? 2 : 1, fillColor: colour, fillOpacity: held ? 0 : 0.7 };
    const outline = L.polygon(polygons, style);
    const tip = () => el("span", null, plot.id + " " + say(plot.status));
    outline.bindTooltip(tip);
    const view = { plot, outline, centre: inner_point(polygons), dot: null, shown: null };
    view.dot = L.circleMarker(view.centre, { ...style, radius: 5 }).bindTooltip(tip);
    plot.centre = view.centre;
    views.push(view);
  }

  // A plot too small to see as itself at this zoom is drawn as a dot.
  function draw_plots() {
    for (const view of views) {
      const wanted = drawn_px(map, view.outline.getBounds()) >= 8 ? view.outline : view.dot;
      if (view.shown === wanted) continue;
      view.shown?.remove();
      view.shown = wanted.addTo(map);
      wanted.bringToBack();
    }
    window.tuban.drawn = views.filter(view => map.hasLayer(view.shown)).length;
  }

  const words_of_issue = issue => el("div", null, el("strong", null, say(issue.severity) + " · " + kind_word(issue.code)), el("br"),
    [issue.plot, issue.row === null ? "" : say("row") + " " + issue.row].filter(Boolean).join(" · "), el("br"), issue.message);
  const place_of = issue => issue.at ?? (issue.severity === "note" ? null : by_row.get(issue.row)?.centre ?? null);

  function add_marker(key, place, severity, words_of) {
    const marker = L.circleMarker(place, { radius: 7, color: "#ffffff", weight: 2, fillColor: marker_colour[severity], fillOpacity: 1 });
    marker.bindPopup(words_of, { maxWidth: 340 });
    marker.on("popupopen", () => { window.tuban.open = key; });
    marker.on("popupclose", () => { window.tuban.open = null; });
    markers.set(key, { marker, place, severity });
    marker.addTo(map);
  }

  function draw_map() {
    if (!examined) return tell_no_map("no_map_crs");
    tell_map();
    data.plots.forEach(add_plot);
    // The first view fits the body of the plots: one that lies far away would leave dots of all others.
    const bounds = L.latLngBounds(views.filter(view => !view.plot.far).flatMap(view => [view.outline.getBounds().getSouthWest(), view.outline.getBounds().getNorthEast()]));
    for (const issue of data.issues) if (place_of(issue) && !by_row.get(issue.row)?.far) bounds.extend(place_of(issue));
    if (!bounds.isValid()) return tell_no_map();
    map = open_map(bounds);
    graticule(map);
    data.issues.forEach((issue, i) => { const place = place_of(issue); if (place) add_marker("issue-" + i, place, issue.severity, () => words_of_issue(issue)); });
    draw_plots();
    // The gravest lie on top.
    for (const level of ["note", "warning", "error"]) for (const { marker, severity } of markers.values()) if (severity === level) marker.bringToFront();
    map.on("zoomend", draw_plots);
  }

  function draw_beside() {
    const line = (mark, label, n) => el("li", null, mark, el("span", null, label), el("span", { class: "count" }, n));
    const states = ["ok", "repaired", "held_out", "no_geometry"].map(state => [state, data.plots.filter(plot => plot.status === state).length]).filter(([, n]) => n);
    const dot = severity => swatch("dot", marker_colour[severity]);
    at("beside").append(el("h3", null, say("legend")), el("ul", null, states.map(([state, n]) => line(swatch(state === "held_out" ? "dashed" : "", colour_of[state]), say(state), n))),
      el("h3", null, say("markers")), el("ul", null, ["error", "warning", "note"].filter(count).map(severity => line(dot(severity), say(severity), count(severity)))));
  }

  function show_place(key) {
    const there = markers.get(key);
    if (!there) return;
    at("map").scrollIntoView({ block: "center" });
    map.setView(there.place, Math.max(map.getZoom(), 15), { animate: false });
    there.marker.openPopup();
  }

  // 3 Issues
  function draw_kinds() {
    const groups = new Map();
    for (const issue of data.issues) {
      const key = ranks[issue.severity] + issue.code, group = groups.get(key) ?? { severity: issue.severity, code: issue.code, count: 0 };
      group.count += 1;
      groups.set(key, group);
    }
    const lines = [...groups.entries()].sort(([a], [b]) => a < b ? -1 : 1).map(([, group]) => [
      el("span", { class: group.severity === "error" ? "bad" : null }, say(group.severity)), kind_word(group.code), fixed(group.count, 0), data.kinds[group.code]?.advice ?? ""]);
    at("kinds").append(lines.length ? simple_table([head("severity"), head("kind"), head("count", true), head("advice")], lines) : el("p", null, say("no_issues")));
  }

  const columns = [
    { key: "severity", get: issue => ranks[issue.severity], show: issue => el("span", { class: issue.severity === "error" ? "bad" : null }, say(issue.severity)) },
    { key: "kind", get: issue => kind_word(issue.code) },
    { key: "row", num: true, get: issue => issue.row },
    { key: "plot_id", css: "id", get: issue => issue.plot },
    { key: "change", num: true, get: issue => issue.change_m2, show: issue => issue.change_m2 === null ? "" : fixed(issue.change_m2, 2) },
    { key: "message", get: issue => issue.message },
  ].filter(column => column.key !== "change" || data.issues.some(issue => issue.change_m2 !== null));
  const key_of = new Map(data.issues.map((issue, i) => [issue, "issue-" + i]));

  function draw_issues() {
    draw_kinds();
    if (!data.issues.length) return;
    const severities = ["error", "warning", "note"].filter(count).map(severity => [severity, say(severity)]);
    const kinds = [...new Set(data.issues.map(issue => issue.code))].sort().map(code => [code, kind_word(code)]);
    data_table({
      items: data.issues, columns, sort: "severity",
      texts: issue => [issue.plot, issue.message, kind_word(issue.code)],
      filters: [
        { id: "severity-filter", label: "severity", all: "all_severities", options: severities, fits: (issue, severity) => issue.severity === severity },
        { id: "kind-filter", label: "kind", all: "all_kinds", options: kinds, fits: (issue, code) => issue.code === code }],
      attributes: issue => ({ tabindex: 0, "data-id": key_of.get(issue), onclick: () => show_place(key_of.get(issue)), onkeydown: event => { if (event.key === "Enter") show_place(key_of.get(issue)); } }),
    });
  }

  // 4 Repairs and overlaps, the largest first
  function draw_lists() {
    const repairs = [...data.repairs].sort((a, b) => Math.abs(b.after_m2 - b.before_m2) - Math.abs(a.after_m2 - a.before_m2) || a.row - b.row);
    const mended = rule => rule.split(",").map(kind_word).join(data.lang === "en" ? ", " : "、");
    at("repairs").append(repairs.length ? simple_table([head("row", true), head("plot_id", false, "id"), head("rule"), head("before", true), head("after", true), head("change", true), head("vertices", true), head("outcome")],
      repairs.map(r => [fixed(r.row, 0), r.plot, mended(r.rule), fixed(r.before_m2, 2), fixed(r.after_m2, 2), fixed(r.after_m2 - r.before_m2, 2), r.vertices_before + " → " + r.vertices_after, say(r.state)])) : none("no_repairs"));
    const pairs = [...data.overlaps].sort((a, b) => b.area_m2 - a.area_m2);
    at("overlaps").append(pairs.length ? simple_table([head("plot_id", false, "id"), head("other", false, "id"), head("shared", true), { text: "" }],
      pairs.map(pair => [pair.plot, pair.other, fixed(pair.area_m2, 2), pair.same ? say("same") : ""])) : none("no_overlaps"));
  }

  // 5 What to know
  function draw_know() {
    const list = (id, texts, nothing) => at(id).append(texts.length ? el("ul", null, texts.map(text => el("li", null, text))) : nothing);
    list("areas", data.areas, none("no_areas"));
    list("ineligible", data.ineligible.map(gate => gate.name + (data.lang === "en" ? ": " : "：") + say("count_of", gate.rows)), el("p", null, say("no_ineligible")));
    const why = text => text ? el("div", { class: "note" }, say("because", text)) : null;
    const facts = [[say("file"), data.file + (data.layer ? " : " + data.layer : "")], [say("crs"), [data.crs ?? say("no_crs"), why(data.crs_because)]],
      ...(data.proposals.length ? [[say("proposals"), data.proposals.join(", ")]] : []),
      ...(data.encoding ? [[say("encoding"), [data.encoding, why(data.encoding_because)]]] : []), [say("program"), "tuban " + data.tuban]];
    at("reading").append(simple_table([{ text: "" }, { text: "" }], facts));
    at("reading").querySelector("thead").remove();
  }

  // For tests: how many plots and markers the map shows, which popup is open, where on the page a marker is drawn.
  window.tuban = {
    drawn: 0, open: null, plots: data.plots.length, markers: () => [...markers.keys()],
    point: key => in_window(map, markers.get(key).place),
  };
  tell_result();
  draw_map();
  draw_beside();
  draw_issues();
  draw_lists();
  draw_know();
})();
