// The map of an outline: flat coordinates of the survey's own plane, without tiles and without a request to any host.
// `outline_editor.js` holds the shape; here it is drawn, edited with the mouse and measured.
const STYLES = ["--bad", "--ink", "--muted", "--info", "--panel", "--warn"];
const NUMBERED = 400;
const MEASURED = 120;

export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);
export const area = (ring) => Math.abs(ring.reduce((sum, a, at) => {
  const b = ring[(at + 1) % ring.length], [e, n] = ring[0];
  return sum + ((a[0] - e) * (b[1] - n) - (b[0] - e) * (a[1] - n)) / 2;
}, 0));
/** Metres or square metres as a page writes them: two places, thousands set apart. */
export const metric = (value) => value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
export const millimetres = (place) => place.map((value) => Math.round(value * 1000) / 1000);

/** Make the map in `target`; null, with the reason told, where the browser cannot. */
export async function outlineMap(target, options) {
  const probe = document.createElement("canvas").getContext?.("2d");
  if (!probe) throw new Error("浏览器没有画布功能");
  const ol = await import("shenfang-map");
  return new OutlineMap(ol, target, options);
}

class OutlineMap {
  constructor(ol, target, { opens, editable, changed, drawn, cut, said, picked, viewed, draws }) {
    Object.assign(this, { ol, target, changed, drawn, cut, said });
    this.colours();
    const extent = [-10_000_000, -10_000_000, 10_000_000, 10_000_000];
    const plane = new ol.Projection({ code: "plane", units: "m", extent, axisOrientation: "enu", global: false });
    this.around = new ol.VectorSource();
    this.draft = new ol.VectorSource();
    this.marks = new ol.VectorSource();
    this.measured = new ol.VectorSource();
    const layer = (source, zIndex, style) => new ol.VectorLayer({ source, zIndex, style, declutter: zIndex === 1 });
    this.map = new ol.Map({
      target,
      layers: [
        layer(this.around, 1, (one) => this.besideStyle(one)),
        layer(this.draft, 2, (one) => this.draftStyle(one)),
        layer(this.measured, 3, (one) => this.draftStyle(one)),
        layer(this.marks, 4, (one) => this.markStyle(one)),
      ],
      controls: ol
        .defaults({ attribution: false, rotate: false, zoomOptions: { zoomInTipLabel: "放大", zoomOutTipLabel: "缩小" } })
        .extend([
          new ol.ScaleLine({ units: "metric" }),
          new ol.MousePosition({ coordinateFormat: (c) => `X（北）${c[1].toFixed(3)}　Y（东）${c[0].toFixed(3)}`, placeholder: "" }),
        ]),
      view: new ol.View({ projection: plane, center: [0, 0], resolution: 40, minResolution: 0.005, maxResolution: 400, constrainResolution: false }),
    });
    this.fitBox(opens);
    if (editable) this.edits();
    else this.draws(draws);
    if (viewed) this.map.on("moveend", () => this.look(viewed));
    if (picked) {
      this.map.on("singleclick", (event) => {
        const found = this.map.forEachFeatureAtPixel(event.pixel, (one) => one.get("id"), { hitTolerance: 6 });
        if (found) picked(found);
      });
    }
    this.watch = new ResizeObserver(() => this.map.updateSize());
    this.watch.observe(target);
    this.redraw = () => { this.colours(); this.map.getLayers().forEach((one) => one.changed()); };
    this.scheme = matchMedia("(prefers-color-scheme: dark)");
    this.scheme.addEventListener("change", this.redraw);
    // Clerks choose the tone by a class of the page, whatever their system has.
    this.toned = new MutationObserver(this.redraw);
    this.toned.observe(document.body, { attributes: true, attributeFilter: ["class"] });
  }

  dispose() {
    this.watch.disconnect();
    this.scheme.removeEventListener("change", this.redraw);
    this.toned.disconnect();
    this.map.setTarget(null);
    this.map.dispose();
  }

  colours() {
    const styles = getComputedStyle(this.target);
    this.font = `12px ${styles.fontFamily}`;
    this.colour = Object.fromEntries(STYLES.map((name) => [name.slice(2), styles.getPropertyValue(name).trim() || "#444"]));
  }

  edits() {
    const { ol } = this;
    this.modify = new ol.Modify({ source: this.draft, pixelTolerance: 8 });
    this.modify.on("modifyend", () => this.changed(this.shape(), "移动了界址点"));
    this.map.addInteraction(this.modify);
    this.draws(["area", "hole", "cut", "measure"]);
    // Last, or the others do not see it: corners and edges of the neighbours and of the outline itself.
    this.snaps = [this.around, this.draft].map((source) => new ol.Snap({ source, pixelTolerance: 10 }));
    this.snaps.forEach((snap) => this.map.addInteraction(snap));
  }

  /** Tools that draw: polygons, and lines to cut or to measure along. */
  draws(names = []) {
    this.tools = {};
    if (names.length) this.target.addEventListener("keydown", (event) => this.tool && this.aimed(event), true);
    for (const name of names) {
      const tool = (this.tools[name] = new this.ol.Draw({ type: ["cut", "measure"].includes(name) ? "LineString" : "Polygon", style: (one) => this.draftStyle(one) }));
      tool.setActive(false);
      this.map.addInteraction(tool);
      tool.on("drawend", (event) => setTimeout(() => this.done(name, event.feature.getGeometry().getCoordinates())));
    }
  }

  /** Ask for what lies around where the view has left the part asked for before. */
  look(viewed) {
    const [west, south, east, north] = this.map.getView().calculateExtent(this.map.getSize());
    const [w, s, e, n] = this.asked ?? [0, 0, 0, 0];
    if (west >= w && south >= s && east <= e && north <= n && east - west > (e - w) / 8) return;
    const [wide, high] = [(east - west) / 2, (north - south) / 2];
    this.asked = [west - wide, south - high, east + wide, north + high];
    viewed(this.asked);
  }

  forget() { this.asked = null; }

  /** Begin to draw with a tool; none ends it. */
  use(name) {
    for (const [key, tool] of Object.entries(this.tools ?? {})) {
      tool.abortDrawing();
      tool.setActive(key === name);
    }
    this.modify?.setActive(!name);
    this.tool = name ?? "";
    this.placed = [];
    this.measured.clear();
    this.target.style.cursor = name ? "crosshair" : "";
    this.target.classList.toggle("sf-outline-aims", !!name);
  }

  /** Draw by key: arrows move the map under the cross in its middle, the space bar sets a point there, Enter ends. */
  aimed(event) {
    const view = this.map.getView(), step = view.getResolution() * (event.shiftKey ? 1 : 20);
    const to = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, step], ArrowDown: [0, -step] }[event.key];
    if (!to && ![" ", "Enter", "Backspace"].includes(event.key)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (to) view.adjustCenter(to);
    else if (event.key === "Enter") this.tools[this.tool].finishDrawing();
    else if (event.key === "Backspace") this.back();
    else {
      const place = this.corner(view.getCenter()), before = this.placed.at(-1);
      this.tools[this.tool].appendCoordinates([place]);
      this.placed.push(place);
      this.said(`第${this.placed.length}点：X（北）${place[1].toFixed(3)}，Y（东）${place[0].toFixed(3)}${before ? `，到上一点${metric(distance(before, place))}米` : ""}`, true);
    }
  }

  /** The corner of a neighbour or of the outline itself within ten pixels of a place, else the place. */
  corner(place) {
    const near = 10 * this.map.getView().getResolution(), [e, n] = place, box = [e - near, n - near, e + near, n + near];
    let found = millimetres(place), least = near;
    for (const source of [this.around, this.draft]) source.forEachFeatureIntersectingExtent(box, (one) => {
      const flat = one.getGeometry().getFlatCoordinates();
      for (let at = 0; at < flat.length; at += 2) {
        const far = distance(place, [flat[at], flat[at + 1]]);
        if (far < least) [found, least] = [[flat[at], flat[at + 1]], far];
      }
    });
    return found;
  }

  /** Take the last drawn point back; false when nothing is being drawn. */
  back() {
    if (!this.tool) return false;
    this.placed.pop();
    this.tools[this.tool].removeLastPoint();
    return true;
  }

  done(name, coordinates) {
    this.use("");
    if (name === "cut") return this.cut(coordinates.map(millimetres));
    if (name === "measure") return this.measure(coordinates);
    const ring = coordinates[0].slice(0, -1).map(millimetres);
    if (ring.length < 3) return this.said("少于3个点，未绘制");
    this.drawn(ring, name === "hole");
  }

  /** Leave a measured line on the map and say its length, of three points and more also what it encloses. */
  measure(line) {
    const { ol } = this;
    const length = line.reduce((sum, place, at) => sum + (at ? distance(line[at - 1], place) : 0), 0);
    if (line.length < 2) return this.said("至少要有2个点才能测量");
    this.measured.addFeature(new ol.Feature(new ol.LineString(line)));
    this.said(`长${metric(length)}米${line.length > 2 ? `，${line.length}点围成${metric(area(line))}平方米` : ""}`);
  }

  show(shape) {
    const { ol } = this;
    this.draft.clear();
    for (const polygon of shape) {
      const rings = polygon.filter((ring) => ring.length > 2).map((ring) => [...ring, ring[0]]);
      if (rings.length) this.draft.addFeature(new ol.Feature(new ol.Polygon(rings)));
    }
  }

  shape() {
    return this.draft.getFeatures().map((one) => one.getGeometry().getCoordinates().map((ring) => ring.slice(0, -1).map(millimetres)));
  }

  showAround(around) {
    const { ol } = this;
    this.around.clear();
    for (const one of around) {
      if (!one.polygons.length && one.centre) {
        const feature = new ol.Feature(new ol.Point(one.centre));
        feature.setProperties({ kind: one.kind, name: one.name, here: one.here });
        this.around.addFeature(feature);
      }
      for (const polygon of one.polygons) {
        const feature = new ol.Feature(new ol.Polygon(polygon.map((ring) => [...ring, ring[0]])));
        feature.setProperties({ kind: one.kind, name: one.name, tone: one.tone ?? "", id: one.id, mark: one.mark, here: one.here, centre: one.centre });
        this.around.addFeature(feature);
      }
    }
  }

  /** Mark places: findings, or the point in hand. */
  mark(places) {
    const { ol } = this;
    this.marks.clear();
    for (const one of places) {
      const feature = new ol.Feature(new ol.Point([one.e, one.n]));
      feature.set("tone", one.tone);
      this.marks.addFeature(feature);
    }
  }

  fit() {
    const box = this.draft.getExtent();
    if (box.every(Number.isFinite)) this.fitBox(box);
  }

  fitAround() {
    const box = this.around.getExtent();
    if (box.every(Number.isFinite)) this.fitBox(box);
  }

  fitBox(box) {
    this.map.getView().fit(box, { size: this.map.getSize() ?? [600, 400], padding: [50, 60, 50, 60], maxZoom: 40, minResolution: 0.05 });
  }

  go(e, n, resolution = 0.2) {
    const view = this.map.getView();
    view.setResolution(Math.min(view.getResolution(), resolution));
    view.setCenter([e, n]);
  }

  style(more) {
    const { ol } = this;
    return new ol.Style(more);
  }

  words(text, colour, more = {}) {
    const { ol } = this;
    const halo = new ol.Stroke({ color: this.colour.panel, width: 3 });
    return new ol.Text({ text, font: this.font, fill: new ol.Fill({ color: colour }), stroke: halo, overflow: true, ...more });
  }

  besideStyle(one) {
    const { ol } = this;
    if (one.get("kind") === "project") return this.projectStyle(one);
    if (one.get("kind") === "parcels") return this.parcelsStyle(one);
    const district = one.get("kind") === "district";
    const read = one.get("kind") === "read";
    const colour = read ? this.colour.bad : district ? this.colour.muted : this.colour.info;
    const stroke = new ol.Stroke({ color: colour, width: district ? 1.5 : 1.3, lineDash: district || read ? [10, 5] : undefined });
    const text = one.get("name") || (district ? "" : "已入库范围");
    return this.style({ stroke, fill: new ol.Fill({ color: district || read ? "#0000" : `${this.colour.info}22` }), text: this.words(text, colour, { overflow: false, offsetY: read ? 32 : 0 }) });
  }

  /** A project: its land in the colour of its stage, and seen from afar a dot; the sign of its alert beside its name. */
  projectStyle(one) {
    const { ol } = this;
    const colour = one.get("tone");
    const edge = new ol.Stroke({ color: one.get("here") ? this.colour.bad : this.colour.ink, width: one.get("here") ? 4 : 1.2 });
    const dot = new ol.Circle({ radius: one.get("here") ? 8 : 6, fill: new ol.Fill({ color: colour }), stroke: edge, declutterMode: "none" });
    const text = this.words(`${one.get("mark") || ""}${one.get("name")}`, this.colour.ink, { offsetY: -14, overflow: true });
    return [
      this.style({ stroke: edge, fill: new ol.Fill({ color: `${colour}aa` }) }),
      this.style({ geometry: new ol.Point(one.get("centre")), image: dot, text, zIndex: one.get("here") ? 2 : 1 }),
    ];
  }

  /** Parcels without a project in the middle of their plate or district: a dashed ring with their number. */
  parcelsStyle(one) {
    const { ol } = this;
    const stroke = new ol.Stroke({ color: one.get("here") ? this.colour.bad : this.colour.ink, width: 1.5, lineDash: [4, 3] });
    const image = new ol.Circle({ radius: 10, fill: new ol.Fill({ color: this.colour.panel }), stroke, declutterMode: "none" });
    return this.style({ image, text: this.words(one.get("name"), this.colour.ink, { overflow: true }) });
  }

  markStyle(one) {
    const { ol } = this;
    const colour = this.colour[one.get("tone")] ?? this.colour.bad;
    return this.style({ image: new ol.Circle({ radius: 9, stroke: new ol.Stroke({ color: colour, width: 2.5 }) }) });
  }

  draftStyle(one) {
    const { ol } = this;
    const geometry = one.getGeometry();
    const colour = geometry.getType() === "LineString" ? this.colour.info : this.colour.bad;
    const line = new ol.Stroke({ color: colour, width: 2.5 });
    const dot = new ol.Circle({ radius: 4, fill: new ol.Fill({ color: this.colour.panel }), stroke: new ol.Stroke({ color: colour, width: 1.5 }) });
    const styles = [this.style({ stroke: line, fill: new ol.Fill({ color: "#d0000014" }), image: dot })];
    const length = (a, b) => this.style({ geometry: new ol.Point([(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]), text: this.words(metric(distance(a, b)), this.colour.ink, { overflow: false }) });
    if (geometry.getType() === "LineString") {
      const line = geometry.getCoordinates();
      return [...styles, ...line.slice(1, MEASURED).map((place, at) => length(line[at], place))];
    }
    if (geometry.getType() !== "Polygon") return styles;
    const rings = geometry.getCoordinates().map((ring) => ring.slice(0, -1));
    const count = rings.reduce((sum, ring) => sum + ring.length, 0);
    let number = 0;
    for (const ring of rings) {
      ring.forEach((place, at) => {
        const next = ring[(at + 1) % ring.length];
        number += 1;
        if (count <= NUMBERED) {
          styles.push(this.style({ geometry: new ol.Point(place), image: dot, text: this.words(`J${number}`, colour, { offsetY: -12 }) }));
        }
        if (count <= MEASURED && ring.length > 1) styles.push(length(place, next));
      });
    }
    if (rings[0].length > 2) {
      const area = geometry.getArea();
      const text = `${metric(area)} ㎡\n${(area / 10000).toFixed(4)} 公顷`;
      styles.push(this.style({ geometry: geometry.getInteriorPoint(), text: this.words(text, colour) }));
    }
    return styles;
  }
}
