// The console: draws the snapshots that global-control sends once a second. Snapshot.java says what is in them.
//
// From top to bottom: what a snapshot means (platformOf), how numbers are written, elements that are kept from one
// snapshot to the next, the parts of the page, and the stream that everything comes from. Names come from the network:
// they only ever become text.

const NODES_AS_TILES_MAX = 12; // of a zone; more are cells
const NODES_IN_CARDS_MAX = 150; // of the platform; with more, zones are rows at first
const WIRES_MAX = 12; // of one parent; more would be a tangle
const PROBLEMS_SHOWN_MAX = 12;
const PROBLEMS_SHOWN_NARROW_MAX = 4;
const LOST_APART_MAX = 3; // of a zone; more are one problem
const GONE = {lost: "lost", hidden: "out of sight"};
const HISTORY_SECONDS = 60;
const DISCONNECTED_AFTER_MILLIS = 4000; // snapshots come every second
const REOPEN_MILLIS = 2000;
const LOAD_STEPS = 5;
const LETTER_WIDTH = 6; // of a label on a wire, about

// What a snapshot means.

function platformOf(snapshot) {
  const regions = new Map();
  const platform = {at: snapshot.at, control: null, components: [], regions: [], links: new Map()};
  for (const given of snapshot.components) {
    const component = {...given, state: given.state ?? (given.draining ? "draining" : "live")};
    platform.components.push(component);
    const [region, zone, node] = component.place.split("/");
    if (component.place === "global") {
      platform.control = component;
    } else if (node !== undefined) {
      zoneOf(regions, region, zone).nodes.push(component);
    } else if (zone !== undefined) {
      zoneOf(regions, region, zone).gateway = component;
    } else {
      regionOf(regions, region).gateway = component;
    }
  }
  for (const link of snapshot.links) {
    platform.links.set(`${link.from} ${link.to}`, link).set(`${link.to} ${link.from}`, link);
  }
  platform.regions = inOrder(regions);
  for (const region of platform.regions) {
    region.zones = inOrder(region.zones);
    for (const zone of region.zones) {
      zone.nodes.sort(byName);
      if (!isHeard(region.gateway)) {
        hide([zone.gateway, ...zone.nodes]);
      } else if (!isHeard(zone.gateway)) {
        hide(zone.nodes);
      }
      zone.sums = sumOf(zone.nodes);
    }
    region.sums = sumOf(region.zones.flatMap(zone => zone.nodes));
  }
  platform.sums = sumOf(platform.regions.flatMap(region => region.zones).flatMap(zone => zone.nodes));
  platform.linkEnds = snapshot.components.reduce((ends, component) => ends + (component.links?.[1] ?? 0), 0);
  platform.slowestMicros = snapshot.components.reduce((micros, component) => Math.max(micros, component.links?.[2] ?? 0), 0);
  const down = snapshot.links.filter(link => !link.up);
  platform.down = down.length + snapshot.downMore;
  platform.problems = [...downLinks(down, snapshot.downMore), ...lostPlaces(platform), ...restless(platform.components)];
  return platform;
}

function isHeard(component) {
  return component?.state === "live" || component?.state === "draining";
}

// Reports come through gateways: of what is below one that is not heard, nothing is known, and it may well be serving.
function hide(components) {
  components.filter(component => component && !isHeard(component)).forEach(component => { component.state = "hidden"; });
}

const names = new Intl.Collator("en", {numeric: true});

function byName(one, other) {
  return names.compare(one.place, other.place);
}

function inOrder(places) {
  return [...places.values()].sort(byName);
}

function regionOf(regions, name) {
  if (!regions.has(name)) {
    regions.set(name, {place: name, name, gateway: null, zones: new Map()});
  }
  return regions.get(name);
}

function zoneOf(regions, region, name) {
  const zones = regionOf(regions, region).zones;
  if (!zones.has(name)) {
    zones.set(name, {place: `${region}/${name}`, name, gateway: null, nodes: []});
  }
  return zones.get(name);
}

function sumOf(nodes) {
  const sums = {nodes: nodes.length, live: 0, connections: 0, published: 0, delivered: 0, routed: 0};
  for (const node of nodes) {
    sums.live += node.state === "lost" || node.state === "hidden" ? 0 : 1;
    for (const figure of ["connections", "published", "delivered", "routed"]) {
      sums[figure] += node[figure] ?? 0;
    }
  }
  return sums;
}

// What is wrong: {place, state, words, seen}. What has one cause is one problem, as far as can be seen.

// Where several links of one place are down, that place is what is wrong.
function downLinks(down, unlisted) {
  const problems = [];
  let left = down;
  while (left.length > 0 && problems.length < PROBLEMS_SHOWN_MAX) {
    const ends = new Map();
    left.flatMap(link => [link.from, link.to]).forEach(place => ends.set(place, (ends.get(place) ?? 0) + 1));
    const [place, number] = [...ends].reduce((most, end) => end[1] > most[1] ? end : most);
    const one = left.find(link => link.from === place || link.to === place);
    problems.push({place, state: "down", words: number > 1
        ? `${plural(number, "link")} of ${place} are down`
        : `link ${one.from} – ${one.to} is down`});
    left = left.filter(link => link.from !== place && link.to !== place);
  }
  if (left.length + unlisted > 0) {
    problems.push({place: "", state: "down", words: `${plural(left.length + unlisted, "more link")} down`});
  }
  return problems;
}

function lostPlaces(platform) {
  const problems = [];
  const add = component => {
    if (component?.state === "lost") {
      problems.push({place: component.place, state: "lost", words: `${component.place} is lost`, seen: component.seen});
    }
  };
  add(platform.control);
  for (const region of platform.regions) {
    add(region.gateway);
    for (const zone of region.zones) {
      add(zone.gateway);
      const lost = zone.nodes.filter(node => node.state === "lost");
      if (lost.length > LOST_APART_MAX) {
        const seen = Math.max(...lost.map(node => node.seen));
        problems.push({place: zone.place, state: "lost", words: `${plural(lost.length, "node")} of ${zone.place} are lost`, seen});
      } else {
        lost.forEach(add);
      }
    }
  }
  return problems;
}

function restless(components) {
  const words = {silent: "does not report", draining: "is drained"};
  return components
      .filter(component => component.state in words)
      .map(({place, state, seen}) => ({place, state, words: `${place} ${words[state]}`, seen}));
}

// How numbers are written.

const whole = new Intl.NumberFormat("en", {maximumFractionDigits: 0});
const tenths = new Intl.NumberFormat("en", {maximumFractionDigits: 1});
const compact = new Intl.NumberFormat("en", {notation: "compact", maximumSignificantDigits: 3});

function count(number) {
  return number < 100_000 ? whole.format(number) : compact.format(number);
}

function rate(perSecond) {
  return perSecond > 0 && perSecond < 10 ? tenths.format(perSecond) : count(perSecond);
}

function bytes(perSecond) {
  const units = ["B/s", "KB/s", "MB/s", "GB/s"];
  let unit = 0;
  while (perSecond >= 1024 && unit < units.length - 1) {
    perSecond /= 1024;
    unit++;
  }
  return `${perSecond < 10 && unit > 0 ? tenths.format(perSecond) : whole.format(perSecond)} ${units[unit]}`;
}

function roundTrip(micros) {
  const millis = micros / 1000;
  return millis < 0.1 ? "<0.1 ms" : `${millis < 10 ? tenths.format(millis) : whole.format(millis)} ms`;
}

function ago(millis) {
  const seconds = Math.max(0, Math.round(millis / 1000));
  return seconds < 90 ? `${seconds} s ago` : `${Math.round(seconds / 60)} min ago`;
}

function gone(component, now) {
  return `${GONE[component.state]}, last seen ${ago(now - component.seen)}`;
}

function plural(number, noun) {
  return `${count(number)} ${noun}${number === 1 ? "" : "s"}`;
}

// Elements that are kept, and touched only where something changed.

function element(tag, className, ...children) {
  const created = document.createElement(tag);
  if (className) {
    created.className = className;
  }
  created.append(...children);
  return created;
}

function drawing(tag, attributes = {}) {
  const created = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) {
    created.setAttribute(name, value);
  }
  return created;
}

function say(target, text) {
  if (target.textContent !== text) {
    target.textContent = text;
  }
}

function mark(target, name, value) {
  if (target.dataset[name] !== value) {
    target.dataset[name] = value;
  }
}

function turn(target, className, on) {
  target.classList.toggle(className, on);
}

// Makes the views in a box those of the items, in their order, and brings each up to date.
function keep(box, views, items, make, update) {
  const places = new Set(items.map(item => item.place));
  for (const [place, view] of views) {
    if (!places.has(place)) {
      view.root.remove();
      views.delete(place);
    }
  }
  let before = box.firstElementChild;
  for (const item of items) {
    let view = views.get(item.place);
    if (!view) {
      view = make(item);
      views.set(item.place, view);
    }
    if (view.root === before) {
      before = before.nextElementSibling;
    } else {
      box.insertBefore(view.root, before);
    }
    update(view, item);
  }
}

// Figures of the whole platform.

const moments = []; // the newest last
const totals = new Map();

function total(name) {
  if (!totals.has(name)) {
    const value = element("span");
    const unit = element("span", "unit");
    const note = element("p", "note");
    const line = drawing("path", {class: "line"});
    const area = drawing("path", {class: "area"});
    const spark = drawing("svg", {class: "spark", viewBox: `0 0 ${HISTORY_SECONDS} 34`, preserveAspectRatio: "none", "aria-hidden": "true"});
    spark.append(area, line);
    const root = element("div", "total", element("h2", "", name), element("p", "value", value, " ", unit), note, spark);
    document.getElementById("totals").append(root);
    totals.set(name, {root, value, unit, note, line, area});
  }
  return totals.get(name);
}

function showTotals(platform) {
  const sums = platform.sums;
  moments.push(sums);
  moments.splice(0, moments.length - HISTORY_SECONDS);

  const zones = platform.regions.reduce((number, region) => number + region.zones.length, 0);
  const nodes = total("Nodes");
  say(nodes.value, count(sums.live));
  say(nodes.unit, sums.live === sums.nodes ? "" : `of ${count(sums.nodes)}`);
  say(nodes.note, `${plural(zones, "zone")} in ${plural(platform.regions.length, "region")}`);
  mark(nodes.root, "state", sums.live === sums.nodes ? "live" : "bad");

  const links = total("Links");
  say(links.value, count(Math.round(platform.linkEnds / 2)));
  say(links.note, `${platform.down > 0 ? `${count(platform.down)} down` : "all up"}, slowest ${roundTrip(platform.slowestMicros)}`);
  mark(links.root, "state", platform.down > 0 ? "bad" : "live");

  for (const [name, figure, unit] of [
    ["Connections", "connections", ""], ["Published", "published", "/s"],
    ["Delivered", "delivered", "/s"], ["Sent on to others", "routed", "/s"],
  ]) {
    const view = total(name);
    say(view.value, unit ? rate(sums[figure]) : count(sums[figure]));
    say(view.unit, unit);
    drawSpark(view, moments.map(moment => moment[figure]));
  }
}

// The newest value is at the right edge, whatever number there is.
function drawSpark(view, values) {
  const highest = Math.max(1, ...values);
  const points = values.map((value, index) => `${HISTORY_SECONDS - values.length + index + 1} ${(32 - 28 * value / highest).toFixed(1)}`);
  const line = points.length > 1 ? `M${points.join("L")}` : "";
  view.line.setAttribute("d", line);
  view.area.setAttribute("d", line && `${line}V34H${HISTORY_SECONDS - values.length + 1}Z`);
}

// What is wrong.

function showProblems(platform) {
  const box = document.getElementById("problems");
  const shown = platform.problems.slice(0, innerWidth > 640 ? PROBLEMS_SHOWN_MAX : PROBLEMS_SHOWN_NARROW_MAX);
  box.hidden = shown.length === 0;
  const chips = shown.map(problem => {
    const chip = element("button", "problem", element("span", "dot"), element("span", "", problem.words));
    if (problem.seen) {
      chip.append(element("span", "ago", ago(platform.at - problem.seen)));
    }
    chip.dataset.state = problem.state;
    chip.dataset.open = problem.place;
    return chip;
  });
  const more = platform.problems.length - shown.length;
  if (more > 0) {
    chips.push(element("span", "problem", `and ${count(more)} more`));
  }
  // Rebuilt only when it reads differently: a chip that has the focus keeps it.
  const reading = chips.map(chip => chip.textContent).join("\n");
  if (box.dataset.reading !== reading) {
    box.dataset.reading = reading;
    box.replaceChildren(...chips);
  }
}

// The hierarchy.

const map = document.getElementById("map");
const regionViews = new Map();
const chosen = new Map(); // what was folded or unfolded by hand: place to whether it is in detail
let control;
let regionsBox;
let empty;
let mapWires;

function prepareMap() {
  mapWires = drawing("svg", {class: "wires", "aria-hidden": "true"});
  control = gatewayView("global-control");
  regionsBox = element("div", "regions");
  empty = element("p", "empty", "No region has registered yet.");
  map.append(mapWires, element("div", "top", control.root), regionsBox, empty);
}

function showMap(platform) {
  updateGateway(control, "global", platform.control, platform.at);
  empty.hidden = platform.regions.length > 0;
  keep(regionsBox, regionViews, platform.regions, newRegion, (view, region) => updateRegion(view, region, platform));
}

// A gateway's pill: state, name, links, round trip.
function gatewayView(name) {
  const links = element("b");
  const about = element("span", "about", links);
  const label = element("span", "", name);
  const root = element("button", "gateway", element("span", "dot"), label, about);
  return {root, label, links, about, trip: about.appendChild(document.createTextNode(""))};
}

function updateGateway(view, place, gateway, now) {
  mark(view.root, "place", place);
  mark(view.root, "open", place);
  mark(view.root, "state", gateway?.state ?? "lost");
  if (!gateway || gateway.state in GONE) {
    say(view.links, "");
    view.trip.data = gateway ? gone(gateway, now) : "not seen yet";
  } else if (gateway.links) {
    const [up, all, micros] = gateway.links;
    say(view.links, `${up}/${all}`);
    mark(view.links, "state", up < all ? "bad" : "live");
    view.trip.data = micros > 0 ? ` links, ${roundTrip(micros)}` : " links";
  } else {
    say(view.links, "");
    view.trip.data = "does not report";
  }
}

function headView(name) {
  const fold = element("button", "title fold", element("span", "", name));
  const figures = ["connections", "published", "delivered"].map(() => element("b"));
  const units = ["", "/s in", "/s out"].map(unit => element("span", "unit", unit));
  const sums = element("span", "sums", ...figures.map((figure, index) => element("span", "", figure, units[index])));
  sums.title = "connections, and messages per second that their clients publish and get";
  return {root: element("div", "head", fold, sums), fold, figures, units};
}

function updateHead(view, sums, inDetail) {
  say(view.figures[0], count(sums.connections));
  say(view.units[0], sums.connections === 1 ? " connection" : " connections");
  say(view.figures[1], rate(sums.published));
  say(view.figures[2], rate(sums.delivered));
  view.fold.setAttribute("aria-expanded", inDetail);
}

function newRegion(region) {
  const gateway = gatewayView("gateway");
  const head = headView(region.name);
  head.fold.dataset.fold = region.place;
  const wires = drawing("svg", {class: "wires", "aria-hidden": "true"});
  const zones = element("div", "zones");
  return {root: element("section", "region", wires, gateway.root, head.root, zones), gateway, head, wires, zones, zoneViews: new Map()};
}

function updateRegion(view, region, platform) {
  const inDetail = chosen.get(region.place) ?? platform.sums.nodes <= NODES_IN_CARDS_MAX;
  mark(view.root, "region", region.place);
  turn(view.root, "rows", !inDetail);
  updateGateway(view.gateway, region.place, region.gateway, platform.at);
  updateHead(view.head, region.sums, inDetail);
  keep(view.zones, view.zoneViews, region.zones, newZone, (zone, item) => updateZone(zone, item, inDetail, platform));
}

function newZone(zone) {
  const gateway = gatewayView("gateway");
  const head = headView(zone.name);
  head.fold.dataset.fold = zone.place;
  const wires = drawing("svg", {class: "wires", "aria-hidden": "true"});
  const nodes = element("div", "nodes");
  return {root: element("section", "zone", wires, gateway.root, head.root, nodes), gateway, head, wires, nodes, nodeViews: new Map()};
}

function updateZone(view, zone, regionInDetail, platform) {
  const asTiles = regionInDetail && (chosen.get(zone.place) ?? zone.nodes.length <= NODES_AS_TILES_MAX);
  mark(view.root, "zone", zone.place);
  say(view.gateway.label, regionInDetail ? "gateway" : zone.name);
  updateGateway(view.gateway, zone.place, zone.gateway, platform.at);
  updateHead(view.head, zone.sums, asTiles);
  if (view.asTiles !== asTiles) {
    view.asTiles = asTiles;
    view.nodeViews.clear();
    view.nodes.replaceChildren();
    turn(view.nodes, "cells", !asTiles);
    turn(view.root, "tiles", asTiles);
  }
  const busiest = Math.max(1, ...zone.nodes.map(load));
  keep(view.nodes, view.nodeViews, zone.nodes, asTiles ? newTile : newCell,
      asTiles ? (tile, node) => updateTile(tile, node, platform.at) : (cell, node) => updateCell(cell, node, busiest));
}

function newTile(node) {
  const figures = {connections: element("span", "big"), published: element("b"), delivered: element("b"), routed: element("b")};
  const rates = element("span", "rates", "in", figures.published, "out", figures.delivered, "onward", figures.routed);
  rates.title = "messages per second: published by its clients, delivered to its clients, sent on to others";
  const what = element("span", "what");
  const said = element("span", "said");
  const name = element("span", "name", element("span", "dot"), element("span", "", node.place.split("/")[2]));
  const root = element("button", "node tile", name, figures.connections, what, rates, said);
  root.dataset.place = node.place;
  root.dataset.open = node.place;
  return {root, figures, what, said};
}

function updateTile(view, node, now) {
  mark(view.root, "state", node.state);
  say(view.figures.connections, "connections" in node ? count(node.connections) : "–");
  say(view.what, node.connections === 1 ? "connection" : "connections");
  for (const figure of ["published", "delivered", "routed"]) {
    say(view.figures[figure], figure in node ? `${rate(node[figure])}/s` : "–");
  }
  say(view.said, node.state in GONE ? gone(node, now) : "");
}

function newCell(node) {
  const root = element("span", "node cell");
  root.dataset.place = node.place;
  root.dataset.open = node.place;
  return {root};
}

function load(node) {
  return (node.published ?? 0) + (node.delivered ?? 0) + (node.connections ?? 0) / 100;
}

function updateCell(view, node, busiest) {
  mark(view.root, "state", node.state);
  const step = Math.round(load(node) / busiest * LOAD_STEPS);
  if (view.step !== step) {
    view.step = step;
    view.root.style.setProperty("--load", `${20 + 80 * step / LOAD_STEPS}%`);
  }
  const title = `${node.place}: ${GONE[node.state] ?? node.state}, ${count(node.connections ?? 0)} connections`;
  if (view.root.title !== title) {
    view.root.title = title;
  }
}

// Wires between gateways, and from them to nodes, where they are side by side.

let shown = null;

function drawWires() {
  if (!shown) {
    return;
  }
  const regions = [...regionViews.values()];
  const gateways = regions.map(region => region.gateway.root);
  const drawn = wire(mapWires, control.root, gateways, null, true);
  turn(map, "without-wires", !drawn);
  for (const region of regions) {
    const zones = [...region.zoneViews.values()];
    const inDetail = !region.root.classList.contains("rows");
    const zonesDrawn = wire(region.wires, region.gateway.root, inDetail ? zones.map(zone => zone.gateway.root) : [], region.head.root, true);
    turn(region.root, "without-wires", !zonesDrawn);
    for (const zone of zones) {
      const tiles = inDetail && zone.asTiles ? [...zone.nodeViews.values()].map(node => node.root) : [];
      wire(zone.wires, zone.gateway.root, tiles, zone.head.root, false);
    }
  }
}

// Draws from a parent to its children, and between these. Nothing, if they are not in one row.
// The wires come down straight from the parent, past the heading, before they part.
function wire(wires, parent, children, heading, betweenChildren) {
  const boxes = children.map(child => child.getBoundingClientRect());
  const inOneRow = boxes.length > 0 && boxes.length <= WIRES_MAX && boxes.every(box => Math.abs(box.top - boxes[0].top) < 3);
  if (!inOneRow || innerWidth <= 640) {
    wires.replaceChildren();
    return false;
  }
  const origin = wires.getBoundingClientRect();
  const from = parent.getBoundingClientRect();
  const lines = [];
  const labels = [];
  const add = (d, a, b, x, y) => {
    const link = linkBetween(a, b);
    lines.push(drawing("path", {d, class: link.state, "stroke-width": link.width, "data-link": `${a.dataset.place} ${b.dataset.place}`}));
    if (link.label) {
      const text = drawing("text", {x, y: y + 4, class: link.state});
      text.textContent = link.label;
      const width = link.label.length * LETTER_WIDTH + 8;
      labels.push(drawing("rect", {x: x - width / 2, y: y - 8, width, height: 16}), text);
    }
  };
  const x1 = from.left + from.width / 2 - origin.left;
  const y1 = from.bottom - origin.top;
  const fork = heading ? heading.getBoundingClientRect().bottom - origin.top : y1;
  const trunk = children.map(child => linkBetween(parent, child)).reduce((one, other) => one.rank >= other.rank ? one : other);
  lines.push(drawing("path", {d: `M${x1} ${y1}V${fork}`, class: trunk.state, "stroke-width": trunk.width}));
  children.forEach((child, index) => {
    const x2 = boxes[index].left + boxes[index].width / 2 - origin.left;
    const y2 = boxes[index].top - origin.top;
    const middle = (fork + y2) / 2;
    // The label sits where the curve has come three quarters of its way.
    add(`M${x1} ${fork}C${x1} ${middle} ${x2} ${middle} ${x2} ${y2}`, parent, child, x1 + .84 * (x2 - x1), fork + .66 * (y2 - fork));
  });
  for (let left = 0; betweenChildren && left < children.length; left++) {
    for (let right = left + 1; right < children.length; right++) {
      const y = boxes[left].top + boxes[left].height / 2 - origin.top;
      const start = boxes[left].right - origin.left + 1;
      const end = boxes[right].left - origin.left - 1;
      const rise = (right - left) * 22;
      add(`M${start} ${y}C${start + 30} ${y - rise} ${end - 30} ${y - rise} ${end} ${y}`, children[left], children[right],
          (start + end) / 2, y - rise * .75);
    }
  }
  wires.replaceChildren(...lines, ...labels);
  return true;
}

function linkBetween(one, other) {
  const link = shown.links.get(`${one.dataset.place} ${other.dataset.place}`);
  if (one.dataset.state in GONE || other.dataset.state in GONE) {
    return {state: "lost", rank: 0, width: 1.5, label: ""};
  }
  if (!link) {
    return {state: "up", rank: 2, width: 1.4, label: ""}; // Of a node, and up: else it would be listed.
  }
  if (!link.up) {
    return {state: "down", rank: 1, width: 2, label: "down"};
  }
  const width = Math.min(4, 1.2 + Math.log10(1 + link.bytes / 1000) * .8).toFixed(1);
  const label = link.micros > 0 ? `${roundTrip(link.micros)}, ${bytes(link.bytes)}` : "";
  return {state: link.bytes >= 1024 ? "busy" : "up", rank: 2 + Number(width), width, label};
}

// Find a place.

const find = document.getElementById("find");

function showFound() {
  const wanted = find.value.trim().toLowerCase();
  turn(map, "finding", wanted !== "");
  for (const region of regionViews.values()) {
    let inRegion = false;
    for (const [place, zone] of region.zoneViews) {
      let inZone = place.includes(wanted);
      for (const [node, view] of zone.nodeViews) {
        const found = wanted !== "" && node.includes(wanted);
        turn(view.root, "found", found);
        inZone ||= found;
      }
      turn(zone.root, "elsewhere", !inZone);
      inRegion ||= inZone;
    }
    turn(region.root, "elsewhere", wanted !== "" && !inRegion);
  }
}

// One component, in full.

const details = document.getElementById("details");
let opened = "";
let asking = "";

async function showDetails() {
  const place = opened;
  if (!place || asking === place) {
    return;
  }
  asking = place;
  let component;
  try {
    const response = await fetch(`component?place=${encodeURIComponent(place)}`);
    component = response.ok ? await response.json() : null;
  } catch {
    return; // The connection's state says so already; what is shown stays.
  } finally {
    asking = "";
  }
  if (place === opened) {
    drawDetails(place, component);
  }
}

function drawDetails(place, component) {
  const close = element("button", "close", "×");
  close.setAttribute("aria-label", "Close");
  close.dataset.close = "";
  const header = element("header", "", element("span", "dot"), element("h2", "", place), close);
  if (!component) {
    details.replaceChildren(header, element("p", "kind", "is not known any more."));
    return;
  }
  header.dataset.state = component.draining && component.state === "live" ? "draining" : component.state;
  const kind = ["region gateway", "zone gateway", "node"][place.split("/").length - 1];
  const parts = [header, element("p", "kind", `${place === "global" ? "global-control" : kind}, ${header.dataset.state}`)];
  parts.push(table(["Listens", ""], [
    ["devices", component.clientAddress], ["links", component.linkAddress], ["metrics", component.metricsAddress],
  ].filter(([, address]) => address)));
  if (component.links.length > 0) {
    parts.push(table(["Link to", "round trip", "sent", "received"], component.links.map(link => link.up
        ? [link.peer, link.micros > 0 ? roundTrip(link.micros) : "–", bytes(link.sent), bytes(link.received)]
        : [link.peer, "down", "", ""])));
  }
  if (component.figures.length > 0) {
    parts.push(table(["Figure", "value", "per second"], component.figures.map(figure =>
        [figure.name, count(figure.value), figure.perSecond === 0 ? "" : rate(figure.perSecond)])));
  }
  const hadFocus = details.contains(document.activeElement);
  const scrolled = details.scrollTop;
  details.replaceChildren(...parts);
  details.scrollTop = scrolled;
  if (hadFocus) {
    close.focus();
  }
}

function table(head, rows) {
  const heading = element("tr", "", ...head.map(text => element("th", "", text)));
  return element("table", "", heading, ...rows.map(row =>
      element("tr", "", ...row.map(text => element("td", text === "down" ? "down" : "", text)))));
}

// The address names it, so that a reload shows it again.
function choose(place) {
  opened = place;
  details.hidden = !place;
  history.replaceState(null, "", place ? `#${place}` : location.pathname);
  showDetails();
}

// The stream, and what people do.

let heardMillis = performance.now();
let latest = null;
let everHeard = false;

function listen() {
  const stream = new EventSource("events");
  stream.onmessage = event => {
    heardMillis = performance.now();
    everHeard = true;
    latest = JSON.parse(event.data);
    showConnection();
    if (!document.hidden) {
      show();
    }
  };
  stream.onerror = () => {
    // The browser opens it again by itself, unless it was refused.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(listen, REOPEN_MILLIS);
    }
  };
}

function show() {
  if (!latest) {
    return;
  }
  shown = platformOf(latest);
  showTotals(shown);
  showProblems(shown);
  showMap(shown);
  showFound();
  showDetails();
  requestAnimationFrame(drawWires);
}

function showConnection() {
  const connection = document.getElementById("connection");
  const silentMillis = performance.now() - heardMillis;
  const away = silentMillis > DISCONNECTED_AFTER_MILLIS;
  mark(connection, "state", away ? "disconnected" : everHeard ? "live" : "connecting");
  say(connection, away ? `disconnected, trying again; heard ${ago(silentMillis)}` : everHeard ? "live" : "connecting");
  turn(document.body, "stale", away);
}

document.addEventListener("click", event => {
  const target = event.target.closest("[data-open], [data-fold], [data-close]");
  if (!target) {
    return;
  }
  if ("fold" in target.dataset) {
    chosen.set(target.dataset.fold, target.getAttribute("aria-expanded") !== "true");
    show();
  } else {
    choose(target.dataset.open ?? "");
  }
});
document.addEventListener("keydown", event => {
  if (event.key === "Escape") {
    choose("");
  }
});
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) {
    show();
  }
});
find.addEventListener("input", () => {
  showFound();
  requestAnimationFrame(drawWires);
});
new ResizeObserver(() => requestAnimationFrame(drawWires)).observe(map);
setInterval(showConnection, 500);

prepareMap();
choose(location.hash.slice(1));
listen();
