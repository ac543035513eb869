// An estate in three.js in two draw calls: one mesh that writes into a picture which home is seen at each pixel and how light
// its wall is, and a sheet that colours that picture and draws edges where it changes. New colours draw the sheet alone.
// Colour is a texture with a texel a home, so colours, filters, cuts and exploded storeys never touch the geometry.
// Without WebGL, and on demand, the same as a plan of one storey.
import { THREE, OrbitControls } from "nicegui-scene";
import { EDGE, GAP, GLASS, HOME, PLACE, SHEET, apart, around, covered, edges, inside, measure, mesh, met, unfold } from "shenfang-prisms";

const HIDDEN = 128, MARKED = 64, LOOK = 63, BOXED = [20, 60, 170];
const TOOLS = [
  { key: "box", label: "框选", tip: "按住拖出一个框，选中框内的房屋（含被遮挡的）；键盘用方向键选一角的房屋按回车，再选对角的按回车。" },
  { key: "measure", label: "测量", tip: "依次点各处（靠近墙角自动吸附）：两点得距离，三点以上另得总长和围成的水平面积；双击后重新开始，退格撤销上一点，Esc取消。键盘用方向键选户，按回车以该户中心为一点。" },
  { key: "area", label: "圈定分析", tip: "在地面依次单击，双击或回车结束，退格撤销上一点，Esc取消；键盘用方向键选户，按空格以其位置为顶点。" },
];

export default {
  props: { label: String },
  emits: ["ready", "pick", "measured", "box", "area"],
  data: () => ({ tip: "", flat: false, why: "", rev: 0, floor: 1, tools: TOOLS, tool: "", opacity: 1, band: null, marks: [], turn: 0, scale: null, empty: true }),
  template: `
    <div class="sf-estate">
      <canvas v-show="!flat" tabindex="0" role="application" :aria-label="label" @click="click" @dblclick="finish" @keydown="key" @pointerdown="press" @pointermove="drag" @pointerup="release"></canvas>
      <div v-if="!empty" class="sf-estate-bar" role="toolbar" aria-label="图上工具">
        <button v-for="t in tools" :key="t.key" type="button" :title="t.tip" :aria-pressed="tool === t.key ? 'true' : 'false'" @click="use(t)">{{ t.label }}</button>
        <label v-if="!flat">透明<input type="range" min="0.15" max="1" step="0.05" :value="opacity" aria-label="不透明度" :aria-valuetext="Math.round(opacity * 100) + '%'" @input="fade(+$event.target.value)"></label>
        <button type="button" title="把现在的图存为图片" @click="shoot">截图</button>
      </div>
      <svg v-if="!flat && scale" class="sf-estate-north" viewBox="-20 -20 140 40" role="img" :aria-label="'指北针，比例尺' + scale.metres + '米'"><g :transform="'rotate(' + turn + ')'"><path d="M0-15L6 10L0 5L-6 10Z" /></g><path class="sf-estate-scale" :d="'M30 4v6h' + scale.width + 'v-6'" /><text x="30" y="0">{{ scale.metres }} 米</text></svg>
      <div v-if="band" class="sf-estate-band" aria-hidden="true" :style="band"></div>
      <p v-if="why" class="sf-callout sf-callout-bad" role="alert">{{ why }}</p>
      <svg v-if="flat && shapes().length" :key="rev" class="sf-estate-flat" :viewBox="view()" role="group" :aria-label="label + '，平面'" @dblclick="finish" @pointerdown="press" @pointermove="drag" @pointerup="release" @click="click">
        <g v-for="s in shapes()" :key="s.key" :tabindex="s.unit < total() ? 0 : null" :role="s.unit < total() ? 'button' : null" :aria-label="s.title" @keydown.enter.prevent="choose(s.unit, true)" @keydown="key">
          <title>{{ s.title }}</title><text v-if="s.name" :x="s.name[1]" :y="s.name[2]" text-anchor="middle">{{ s.name[0] }}</text><path :d="s.path" :fill="s.fill" fill-rule="evenodd" :class="{ 'sf-estate-chosen': s.chosen }" />
        </g>
        <polyline v-if="marks.length" class="sf-estate-line" :points="marks.map((p) => p[0].toFixed(2) + ',' + (-p[1]).toFixed(2)).join(' ')" />
      </svg>
      <div class="sf-estate-tip" role="status" aria-live="polite">{{ tip }}</div>
    </div>`,
  created() { this.m = { uniforms: null, cells: null, colours: [], boxed: new Set(), shown: { cut: 999, only: -99, building: -1 } }; },
  mounted() {
    const canvas = this.$el.querySelector("canvas"), m = this.m;
    let name = "";
    try {
      const soft = /SwiftShader|llvmpipe|Software/i;
      const test = document.createElement("canvas").getContext("webgl2");
      if (!test) throw new Error("none");
      const more = test.getExtension("WEBGL_debug_renderer_info");
      name = String(test.getParameter(more ? more.UNMASKED_RENDERER_WEBGL : test.RENDERER));
      test.getExtension("WEBGL_lose_context")?.loseContext();
      m.slow = soft.test(name);
      m.gl = new THREE.WebGLRenderer({ canvas, antialias: !m.slow, powerPreference: "low-power" });
    } catch {
      this.flat = true;
      this.why = "浏览器不支持三维显示（WebGL），已改用平面图；楼盘表和统计不受影响";
    }
    this.$emit("ready", { webgl: !!m.gl, slow: !!m.slow });
  },
  beforeUnmount() {
    const m = this.m;
    m.watch?.disconnect(); m.theme?.disconnect(); m.controls?.dispose();
    for (const scene of m.scenes || []) scene.traverse((one) => { one.geometry?.dispose(); one.material?.dispose(); });
    m.texture?.dispose(); m.homesSeen?.dispose(); m.gl?.dispose(); m.gl?.forceContextLoss();
  },
  methods: {
    show(drawn) {
      const m = this.m;
      Object.assign(m, unfold(drawn));
      m.selected = -1;
      m.origin = drawn.origin || [0, 0];
      this.empty = !m.solids.length;
      m.width = 256;
      const height = Math.max(1, Math.ceil((m.total + m.numbers.length) / m.width));
      m.cells = new Uint8Array(m.width * height * 4).fill(255);
      this.floor = Math.max(1, Math.min(...m.solids.map((s) => (s.no > 0 ? s.no : 1)), 1));
      if (m.gl && m.solids.length) this.build(height);
      this.rev += 1;
    },
    build(height) {
      const m = this.m, canvas = m.gl.domElement, made = mesh(m.solids);
      m.texture = new THREE.DataTexture(m.cells, m.width, height);
      m.fine = m.slow ? 1 : 2;
      m.homesSeen = new THREE.WebGLRenderTarget(1, 1, { minFilter: THREE.NearestFilter, magFilter: THREE.NearestFilter });
      const value = (of) => ({ value: of });
      m.ground = new THREE.Color();
      m.uniforms = { colours: value(m.texture), width: value(m.width), selected: value(-1), explode: value(0), cut: value(999), only: value(-99), building: value(-1), opacity: value(1), homes: value(m.homesSeen.texture), fine: value(m.fine), ground: value(new THREE.Color()) };
      m.theme = new MutationObserver(() => this.theme());
      m.theme.observe(document.body, { attributeFilter: ["class"] });
      this.theme();
      const geometry = new THREE.BufferGeometry(), sheet = new THREE.BufferGeometry();
      for (const [name, values, size] of [["position", made.pos, 3], ["aUnit", made.unit, 1], ["aStorey", made.storey, 1], ["aBuilding", made.building, 1]]) geometry.setAttribute(name, new THREE.BufferAttribute(values, size));
      geometry.setIndex(new THREE.BufferAttribute(made.index, 1));
      geometry.computeBoundingBox();
      sheet.setAttribute("position", new THREE.BufferAttribute(new Float32Array([-1, -1, 0, 3, -1, 0, -1, 3, 0]), 3));
      m.geometry = geometry;
      m.homesScene = this.scene([new THREE.Mesh(geometry, this.material(HOME))]);
      m.sheetScene = this.scene([new THREE.Mesh(sheet, new THREE.ShaderMaterial({ vertexShader: "void main() { gl_Position = vec4(position.xy, 0., 1.); }", fragmentShader: SHEET, uniforms: m.uniforms, depthTest: false }))]);
      m.line = new THREE.Line(new THREE.BufferGeometry(), new THREE.LineBasicMaterial({ color: 0xc62828, depthTest: false }));
      m.line.visible = false; m.line.renderOrder = 2; m.line.frustumCulled = false;
      m.lineScene = this.scene([m.line]);
      m.gl.autoClear = m.gl.info.autoReset = false;
      m.box = geometry.boundingBox;
      m.camera = new THREE.PerspectiveCamera(40, 1, 1, 8000);
      m.camera.up.set(0, 0, 1);
      m.controls = new OrbitControls(m.camera, canvas);
      m.controls.addEventListener("change", () => this.draw());
      m.watch = new ResizeObserver(() => this.size());
      m.watch.observe(this.$el);
      this.size();
      this.home();
    },
    // The ground follows the theme of the page, also one that is chosen while the picture stands.
    theme() {
      const { ground, uniforms } = this.m;
      ground.set(document.body.classList.contains("body--dark") ? "#1a2029" : "#eef3f8");
      uniforms.ground.value.copy(ground).convertLinearToSRGB();
      this.draw(true);
    },
    scene(things) {
      const scene = new THREE.Scene();
      for (const one of things) { one.frustumCulled = false; scene.add(one); }
      (this.m.scenes ??= []).push(scene);
      return scene;
    },
    material(fragmentShader) {
      const { slow, uniforms } = this.m;
      return new THREE.ShaderMaterial({ vertexShader: PLACE, fragmentShader, uniforms, side: slow ? THREE.FrontSide : THREE.DoubleSide });
    },
    home() {
      const m = this.m;
      if (!m.box) return;
      // Of one building that is shown alone the box is its own.
      const only = m.shown.building, own = new THREE.Box3();
      if (only >= 0) for (const s of m.solids) if (s.place === only) for (const rings of s.areas) for (const [x, y] of rings[0]) { own.expandByPoint(new THREE.Vector3(x, y, s.z)); own.expandByPoint(new THREE.Vector3(x, y, s.top)); }
      const box = only >= 0 && !own.isEmpty() ? own : m.box;
      // As near as all its corners are still seen.
      const middle = box.getCenter(new THREE.Vector3()), size = box.getSize(new THREE.Vector3()), back = new THREE.Vector3(0.5, -0.85, 0.55).normalize();
      const right = new THREE.Vector3(-back.y, back.x, 0).normalize(), up = back.clone().cross(right), tall = Math.tan((m.camera.fov * Math.PI) / 360);
      let far = 0;
      for (let i = 0; i < 8; i++) {
        const c = new THREE.Vector3(i & 1 ? 0.5 : -0.5, i & 2 ? 0.5 : -0.5, i & 4 ? 0.5 : -0.5).multiply(size);
        far = Math.max(far, c.dot(back) + Math.max(Math.abs(c.dot(up)), Math.abs(c.dot(right)) / m.camera.aspect) / tall);
      }
      m.camera.position.copy(middle).addScaledVector(back, far * 1.12);
      m.controls.target.copy(middle);
      m.controls.update();
    },
    size() {
      const m = this.m, { clientWidth: w, clientHeight: h } = this.$el;
      if (!w || !h || !m.camera) return;
      m.gl.setPixelRatio(m.slow ? 1 : Math.min(devicePixelRatio, 1.5));
      m.gl.setSize(w, h, false);
      m.homesSeen.setSize(m.gl.domElement.width * m.fine, m.gl.domElement.height * m.fine);
      m.camera.aspect = w / h;
      m.camera.updateProjectionMatrix();
      this.draw();
    },
    // No loop: a frame only where something changed; `coloured` where nothing but colours did.
    draw(coloured = false) {
      const m = this.m;
      m.stale ||= !coloured;
      if (!m.geometry || m.wanted) return;
      m.wanted = requestAnimationFrame(() => { m.wanted = 0; this.frame(); this.orient(); });
    },
    frame() {
      const m = this.m, glass = m.uniforms.opacity.value < 1;
      m.gl.info.reset();
      if (m.stale && !glass) {
        m.gl.setRenderTarget(m.homesSeen);
        m.gl.setClearColor(0, 1);
        m.gl.clear();
        m.gl.render(m.homesScene, m.camera);
        m.gl.setRenderTarget(null);
        m.stale = false;
      }
      if (glass) { m.gl.setClearColor(m.ground, 1); m.gl.clear(); }
      m.gl.render(glass ? this.glass() : m.sheetScene, m.camera);
      if (m.line.visible) m.gl.render(m.lineScene, m.camera);
    },
    // Made when it is first wanted: homes that are seen through, and their edges.
    glass() {
      const m = this.m;
      if (m.glassScene) return m.glassScene;
      const lines = m.geometry.clone().setIndex(new THREE.BufferAttribute(edges(m.solids), 1)), walls = this.material(GLASS);
      Object.assign(walls, { transparent: true, depthWrite: false, polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
      return (m.glassScene = this.scene([new THREE.Mesh(m.geometry, walls), new THREE.LineSegments(lines, this.material(EDGE))]));
    },
    // A byte a home: its look, 63 for none; marked ones are hatched, hidden ones are not drawn.
    paint(looks, bytes) {
      const m = this.m, raw = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
      // Colours may come before the picture; they come again with it.
      if (!m.cells) return;
      m.colours = looks.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
      m.bytes = raw;
      this.fill();
    },
    fill() {
      const m = this.m;
      let same = true;
      for (let i = 0; i < m.total + m.numbers.length; i++) {
        const byte = m.bytes?.[i] ?? LOOK, colour = m.colours[byte & LOOK] || (i < m.total ? [243, 245, 248] : [190, 198, 208]), at = 4 * i;
        const seen = byte & HIDDEN ? 0 : byte & MARKED ? 128 : 255, share = m.boxed.has(i) ? 0.6 : 0;
        same &&= !seen === !m.cells[at + 3];
        for (let of = 0; of < 3; of++) m.cells[at + of] = colour[of] * (1 - share) + BOXED[of] * share;
        m.cells[at + 3] = seen;
      }
      if (m.texture) m.texture.needsUpdate = true;
      this.rev += 1;
      this.draw(same);
    },
    look(values) {
      const m = this.m;
      Object.assign(m.shown, values);
      if ("building" in values) this.home();
      for (const [name, value] of Object.entries(values)) if (m.uniforms && name in m.uniforms) m.uniforms[name].value = value;
      this.rev += 1;
      this.draw();
    },
    plane(flat) { if (this.m.gl) { this.flat = flat; this.$nextTick(() => this.size()); } },
    // Where north lies on the screen, and a round number of metres as it is seen at the middle of the picture.
    orient() {
      const m = this.m, away = new THREE.Vector3().subVectors(m.controls.target, m.camera.position);
      this.turn = Math.round((Math.atan2(-away.x, away.y) * 180) / Math.PI);
      const pixel = (2 * away.length() * Math.tan((m.camera.fov * Math.PI) / 360)) / (m.gl.domElement.clientHeight || 1);
      const metres = [500, 200, 100, 50, 20, 10, 5, 2, 1].find((one) => one / pixel <= 90) || 1;
      if (this.scale?.metres !== metres || Math.abs(this.scale.width - metres / pixel) > 1) this.scale = { metres, width: Math.round(metres / pixel) };
    },
    shown(s) {
      const m = this.m, { cut, only, building } = m.shown;
      return (only < -90 ? s.no <= cut : s.no === only) && (building < 0 || s.place === building) && m.cells[4 * s.unit + 3] > 25;
    },
    ray(x, y) {
      const m = this.m, { clientWidth: w, clientHeight: h } = m.gl.domElement, caster = new THREE.Raycaster();
      caster.setFromCamera(new THREE.Vector2((2 * x) / w - 1, 1 - (2 * y) / h), m.camera);
      return caster.ray;
    },
    // What lies under a place of the canvas: a home or what is common, and where; cut, exploded and hidden as it is drawn.
    under(x, y) {
      const { origin: o, direction: d } = this.ray(x, y), lift = this.m.shown.explode || 0;
      let best = null;
      for (const s of this.m.solids) {
        if (!this.shown(s)) continue;
        const up = s.no * lift, t = met(s.areas, s.z + GAP + up, s.top - GAP + up, o, d, best ? best.t : Infinity);
        if (t !== null) best = { t, solid: s };
      }
      return best && { solid: best.solid, place: [o.x + d.x * best.t, o.y + d.y * best.t, o.z + d.z * best.t] };
    },
    below(place) {
      const solid = this.visible().find((s) => inside(s.areas, place[0], place[1]));
      return solid && { solid, place };
    },
    at(x, y) { return this.under(x, y)?.solid.unit ?? -1; },
    // A place on the ground, or of the plan; null above the horizon.
    ground(event) {
      const m = this.m;
      if (this.flat) {
        const svg = this.$el.querySelector(".sf-estate-flat"), p = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
        return [p.x, -p.y, 0];
      }
      const { origin: o, direction: d } = this.ray(...this.spot(event)), t = (m.box.min.z - o.z) / d.z;
      return d.z < -1e-6 && t > 0 ? [o.x + d.x * t, o.y + d.y * t, m.box.min.z] : null;
    },
    spot(event) {
      const { left, top } = this.$el.getBoundingClientRect(), { clientLeft, clientTop } = this.$el;
      return [event.clientX - left - clientLeft, event.clientY - top - clientTop];
    },
    // ------------------------------------------------ tools
    use(tool) {
      this.tool = this.tool === tool.key ? "" : tool.key;
      this.trace([]);
      if (this.m.controls) this.m.controls.enabled = this.tool !== "box";
      this.tip = this.tool ? tool.tip : "";
      if (!this.flat) this.$el.querySelector("canvas").focus();
    },
    fade(opacity) {
      const m = this.m;
      this.opacity = opacity;
      if (!m.uniforms) return;
      m.uniforms.opacity.value = opacity;
      this.draw();
    },
    trace(places) {
      const m = this.m;
      this.marks = places;
      if (!m.line) return;
      m.line.geometry.dispose();
      m.line.geometry = new THREE.BufferGeometry().setFromPoints(places.map((p) => new THREE.Vector3(...p)));
      m.line.visible = places.length > 1;
      this.draw(true);
    },
    mark(place, solid, spot) {
      if (this.tool === "measure") return this.measured(place, solid, spot);
      this.trace([...this.marks, place]);
      this.tip = `已标${this.marks.length}个顶点，双击或回车结束`;
    },
    measured(place, solid, spot) {
      if (solid?.schematic) { this.tip = "这一户的轮廓是按面积推算的示意位置，不是图纸上的边界，不能测量；按平面图或切线分户后可以测量"; return; }
      if (this.m.shown.explode && !this.flat) { this.tip = "请先把楼层收拢再测量"; return; }
      const [x, y, z] = (solid && spot && this.wall(solid, spot)) || place;
      const before = this.done ? [] : this.marks, places = [...before, [x, y, this.flat ? 0 : z]];
      this.done = false;
      // A double click has clicked twice at its last place.
      if (before.length && apart(before.at(-1), places.at(-1)).far < 0.01) return;
      this.trace(places);
      if (places.length < 2) { this.tip = "请点另一处"; return; }
      this.tip = measure(places, this.flat);
    },
    // The corner of a home within ten pixels of a place of the canvas.
    wall(solid, spot) {
      let found = null, least = 10;
      for (const [x, y] of solid.areas.flat(2)) for (const z of [solid.z, solid.top]) {
        const at = this.onScreen(x, y, z), far = at ? Math.hypot(at[0] - spot[0], at[1] - spot[1]) : 99;
        if (far < least) { found = [x, y, z]; least = far; }
      }
      return found;
    },
    finish(event) {
      if (this.tool === "measure") this.done = true;
      if (this.tool !== "area") return;
      event?.preventDefault();
      // A double click has clicked twice at its last place.
      const places = this.marks.filter((p, i, all) => !i || Math.hypot(p[0] - all[i - 1][0], p[1] - all[i - 1][1]) > 0.5);
      if (places.length < 3) { this.tip = "多边形至少要有3个点"; return; }
      const { origin } = this.m;
      this.tool = "";
      this.$emit("area", places.map(([x, y]) => [+(x + origin[0]).toFixed(3), +(y + origin[1]).toFixed(3)]));
    },
    press(event) {
      if (this.tool !== "box") { this.pressed = this.spot(event); return; }
      this.from = this.flat ? { spot: this.spot(event), place: this.ground(event) } : { spot: this.spot(event), place: this.spot(event) };
      event.currentTarget.setPointerCapture?.(event.pointerId);
    },
    drag(event) {
      if (this.from?.spot) this.stretch(this.from.spot, this.spot(event));
    },
    stretch([a, b], [x, y]) {
      const px = (v) => `${v}px`;
      this.band = { left: px(Math.min(a, x)), top: px(Math.min(b, y)), width: px(Math.abs(x - a)), height: px(Math.abs(y - b)) };
    },
    release(event) {
      const from = this.from;
      if (!from?.spot) return;
      this.from = this.band = null;
      if (Math.hypot(...this.spot(event).map((v, at) => v - from.spot[at])) < 4) return;
      this.swallow = true;
      this.enclosed(from.place, this.flat ? this.ground(event) : this.spot(event));
    },
    enclosed(a, b) { this.take(this.between(a, b, (s, middle) => (this.flat ? middle : this.screen(s, middle)))); },
    // By keyboard the corners are the middles of two homes.
    corner(s) {
      const place = this.flat ? this.middle(s) : this.screen(s, this.middle(s));
      if (!place) return;
      if (!this.from) { this.from = { place }; this.tip = "已定一角，用方向键移到对角的房屋再按回车"; return; }
      const from = this.from.place;
      this.from = this.band = null;
      this.enclosed(from, place);
    },
    middle(s) { const [west, south, east, north] = around(s.areas); return [(west + east) / 2, (south + north) / 2]; },
    // The homes whose middle lies between two corners.
    between(a, b, of) {
      const [left, right] = [a[0], b[0]].sort((one, two) => one - two), [low, high] = [a[1], b[1]].sort((one, two) => one - two);
      const found = new Set();
      for (const s of this.flat ? this.visible() : this.m.solids) {
        if (s.unit >= this.m.total || !this.shown(s)) continue;
        const at = of(s, this.middle(s));
        if (at && at[0] >= left && at[0] <= right && at[1] >= low && at[1] <= high) found.add(s.unit);
      }
      return [...found];
    },
    screen(s, [x, y]) { return this.onScreen(x, y, (s.z + s.top) / 2 + s.no * (this.m.shown.explode || 0)); },
    onScreen(x, y, z) {
      const m = this.m;
      if (this.flat) {
        const at = new DOMPoint(x, -y).matrixTransform(this.$el.querySelector(".sf-estate-flat").getScreenCTM());
        return this.spot({ clientX: at.x, clientY: at.y });
      }
      const { clientWidth: w, clientHeight: h } = m.gl.domElement, p = new THREE.Vector3(x, y, z).project(m.camera);
      return p.z < 1 ? [((p.x + 1) * w) / 2, ((1 - p.y) * h) / 2] : null;
    },
    enclose(units) {
      this.m.boxed = new Set(units);
      if (this.m.cells) this.fill();
    },
    take(units) {
      this.enclose(units);
      this.tip = units.length ? `框内${units.length}户，统计见右侧` : "框内没有房屋";
      this.$emit("box", units);
    },
    shoot() {
      const m = this.m, name = `${this.label.split("三维")[0]}三维.`;
      const save = (blob, ending) => {
        const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(blob), download: name + ending });
        link.click();
        setTimeout(() => URL.revokeObjectURL(link.href), 2000);
        this.tip = "已存为图片";
      };
      if (this.flat) {
        const svg = this.$el.querySelector(".sf-estate-flat").cloneNode(true);
        svg.setAttribute("xmlns", "http://www.w3.org/2000/svg");
        save(new Blob([svg.outerHTML], { type: "image/svg+xml" }), "svg");
        return;
      }
      // The buffer is empty after the frame was shown: draw it again and read it at once.
      this.frame();
      m.gl.domElement.toBlob((blob) => blob && save(blob, "png"), "image/png");
    },
    click(event) {
      if (this.swallow) { this.swallow = false; return; }
      if (this.empty || this.tool === "box") return;
      // A turned picture is no click.
      const spot = this.spot(event);
      if (this.pressed && Math.hypot(spot[0] - this.pressed[0], spot[1] - this.pressed[1]) > 5) return;
      const on = this.flat ? this.below(this.ground(event)) : this.under(...spot);
      if (!this.tool) { this.choose(on?.solid.unit ?? -1, true); return; }
      const place = this.tool === "measure" && on ? on.place : this.ground(event);
      if (place) this.mark(place, on?.solid, spot);
    },
    choose(unit, tell) {
      const m = this.m, home = m.homes?.[unit];
      m.selected = home ? unit : -1;
      if (m.uniforms) m.uniforms.selected.value = m.selected;
      this.tip = home ? home.number + " " + home.label + "层 " + home.room + (home.schematic ? "（示意）" : `，轮廓${this.wide(unit)}㎡`) : m.numbers?.[unit - m.total] ? m.numbers[unit - m.total] + " 公共部位或未分户" : tell ? "没有选中房屋" : "";
      this.rev += 1;
      this.draw(true);
      const s = this.from && !this.from.spot && !this.flat && this.solid(), to = s && this.screen(s, this.middle(s));
      if (to) this.stretch(this.from.place, to);
      if (tell) this.$emit("pick", m.selected);
    },
    key(event) {
      const m = this.m, homes = m.homes || [];
      if (event.key === "Escape" && this.tool) { this.from = this.band = null; this.use({ key: this.tool }); return; }
      if (event.key === "Escape" && m.boxed.size) { this.take([]); this.tip = "已取消框选"; return; }
      if (event.key === "Escape") { this.choose(-1, true); return; }
      if (event.key === "Enter" && this.tool === "area") { this.finish(event); return; }
      if (event.key === "Backspace" && this.marks.length) { event.preventDefault(); this.trace(this.marks.slice(0, -1)); this.tip = `已撤销一点，还有${this.marks.length}点`; return; }
      if (this.tool && event.key === (this.tool === "area" ? " " : "Enter")) {
        event.preventDefault();
        const s = this.solid();
        if (!s) { this.tip = "请先用方向键选一户"; return; }
        if (this.tool === "box") this.corner(s);
        else this.mark([...this.middle(s), this.tool === "area" ? m.box?.min.z ?? 0 : (s.z + s.top) / 2], s);
        return;
      }
      if (!this.flat && m.box && this.turned(event)) return;
      const step = { ArrowUp: [1, 0], ArrowDown: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] }[event.key];
      if (!step || !homes.length) return;
      event.preventDefault();
      const now = homes[m.selected];
      if (!now) { this.choose(0, true); return; }
      const on = (no) => homes.map((home, i) => i).filter((i) => homes[i].place === now.place && homes[i].no === no);
      const here = on(now.no).indexOf(m.selected);
      let no = now.no + step[0];
      if (no === 0) no += step[0];
      const row = step[0] ? on(no) : on(now.no);
      const next = row[Math.max(0, Math.min(row.length - 1, here + step[1]))];
      if (next !== undefined) this.choose(next, true);
    },
    solid() { return this.m.solids.find((one) => one.unit === this.m.selected); },
    // Shift and an arrow turn the picture, plus and minus bring it nearer.
    turned(event) {
      const { camera, controls } = this.m, at = new THREE.Spherical(), nearer = { "+": 1 / 1.2, "=": 1 / 1.2, "-": 1.2 }[event.key];
      const turn = event.shiftKey && { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (!nearer && !turn) return false;
      event.preventDefault();
      const away = camera.position.clone().sub(controls.target), [x, y, z] = away;
      at.setFromVector3(away.set(x, z, -y));
      at.radius *= nearer || 1;
      if (turn) { at.theta += turn[0] / 6; at.phi = Math.min(1.55, Math.max(0.05, at.phi + turn[1] / 6)); }
      away.setFromSpherical(at);
      camera.position.copy(controls.target).add(new THREE.Vector3(away.x, -away.z, away.y));
      controls.update();
      return true;
    },
    wide(unit) { return this.m.solids.reduce((sum, s) => sum + (s.unit === unit ? covered(s.areas) : 0), 0).toFixed(2); },
    total() { return this.m.total || 0; },
    visible() {
      const m = this.m, top = new Map();
      for (const s of m.solids || []) {
        const fits = (m.shown.only < -90 ? s.no <= m.shown.cut : s.no === m.shown.only) && (m.shown.building < 0 || s.place === m.shown.building);
        if (fits && !(top.get(s.place) > s.no)) top.set(s.place, s.no);
      }
      return (m.solids || []).filter((s) => top.get(s.place) === s.no);
    },
    view() {
      const all = this.visible().flatMap((s) => s.areas.flatMap((rings) => rings[0]));
      const [x, y] = [0, 1].map((axis) => all.map((p) => p[axis]));
      const [left, right, low, high] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
      // Above the uppermost building stands its number.
      return [left - 3, -high - 10, right - left + 6, high - low + 13].map((v) => v.toFixed(2)).join(" ");
    },
    shapes() {
      const m = this.m, named = new Set();
      return this.visible().map((s, key) => {
        const outer = s.areas[0][0], first = !named.has(s.place);
        named.add(s.place);
        const byte = s.unit < (m.bytes?.length || 0) ? m.bytes[s.unit] : LOOK, colour = m.colours[byte & LOOK] || [243, 245, 248], home = m.homes[s.unit];
        const path = s.areas.flatMap((rings) => rings.map((ring) => "M" + ring.map(([x, y]) => x.toFixed(2) + " " + (-y).toFixed(2)).join("L") + "Z")).join("");
        return { key, unit: s.unit, path, fill: byte & HIDDEN ? "none" : "rgb(" + colour.join(",") + ")", chosen: s.unit === m.selected || m.boxed.has(s.unit), name: first ? [m.numbers[s.place], outer[0][0].toFixed(2), (-Math.max(...outer.map((p) => p[1])) - 1).toFixed(2)] : null, title: home ? home.number + " " + home.label + "层 " + home.room : m.numbers[s.place] + " 公共部位" };
      });
    },
  },
};
