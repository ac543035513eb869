// An estate in three.js: one mesh and its edges, two draw calls. Colour is a texture with a texel a home, so colours, filters,
// cuts and exploded storeys never touch the geometry. Without WebGL, and on demand, the same as a plan of one storey.
import { THREE, OrbitControls } from "nicegui-scene";

const PLACE = `
in float aUnit; in float aStorey; in float aBuilding;
uniform sampler2D colours; uniform int width; uniform float explode, cut, only, building;
flat out int vUnit; out vec3 vPos;
void main() {
  vec3 p = position; p.z += aStorey * explode; vUnit = int(aUnit + .5);
  vec4 seen = modelViewMatrix * vec4(p, 1.); vPos = seen.xyz;
  gl_Position = projectionMatrix * seen;
  bool off = aStorey > cut || (only > -90. && aStorey != only) || (building >= 0. && aBuilding != building);
  if (off || texelFetch(colours, ivec2(vUnit % width, vUnit / width), 0).a < .1) gl_Position = vec4(2., 2., 2., 1.);
}`;
const COLOUR = `
uniform sampler2D colours; uniform int width, selected;
flat in int vUnit; in vec3 vPos;
void main() {
  vec3 n = normalize(cross(dFdx(vPos), dFdy(vPos)));
  float light = .62 + .38 * abs(dot(n, normalize(vec3(.35, .45, .82))));
  vec4 c = texelFetch(colours, ivec2(vUnit % width, vUnit / width), 0);
  if (c.a < .9 && mod(gl_FragCoord.x + gl_FragCoord.y, 8.) < 3.) c.rgb = vec3(.45);
  if (vUnit == selected) c.rgb = mix(c.rgb, vec3(.08, .4, .95), .75);
  gl_FragColor = vec4(c.rgb * light, 1.);
}`;
const NUMBER = `flat in int vUnit; in vec3 vPos;
void main() { int i = vUnit + 1; gl_FragColor = vec4(float(i & 255), float((i >> 8) & 255), float((i >> 16) & 255), 255.) / 255.; }`;
const EDGE = `flat in int vUnit; in vec3 vPos; void main() { gl_FragColor = vec4(.18, .24, .3, 1.); }`;
const HIDDEN = 128, MARKED = 64, LOOK = 63, GAP = 0.06;

const pairs = (flat, at) => { const p = []; for (let i = 0; i < flat.length; i += 2) p.push([flat[i] / 1000 + at[0], flat[i + 1] / 1000 + at[1]]); return p; };

// Homes in the order of the server; behind them one number a building for what is common or not divided.
function unfold(drawn) {
  const homes = [], solids = [];
  const total = drawn.buildings.reduce((sum, b) => sum + b.storeys.reduce((n, s) => n + s[5].length, 0), 0);
  drawn.buildings.forEach((b, place) => {
    const at = b.at.map((v) => v / 1000);
    const plans = b.plans.map((plan) => plan.map((areas) => areas.map((rings) => rings.map((ring) => pairs(ring, at)))));
    let own = 0;
    for (const [no, label, base, height, plan, units, schematic] of b.storeys) {
      const mine = new Set(units);
      const z = (base + b.base) / 1000, top = z + height / 1000;
      for (const part of units) {
        const room = b.rooms[own] ?? label + b.parts[plan][part];
        solids.push({ unit: homes.length, no, place, z, top, areas: plans[plan][part] });
        homes.push({ place, no, label, room, number: b.no, schematic: !!schematic });
        own += 1;
      }
      plans[plan].forEach((areas, part) => { if (!mine.has(part)) solids.push({ unit: total + place, no, place, z, top, areas }); });
    }
  });
  return { homes, solids, total, numbers: drawn.buildings.map((b) => b.no) };
}

function mesh(solids) {
  const pos = [], unit = [], storey = [], building = [], index = [], edge = [];
  const cut = new Map();
  const triangles = (areas) => {
    let known = cut.get(areas);
    if (!known) cut.set(areas, known = areas.map((rings) => {
      const ways = rings.map((ring) => ring.map(([x, y]) => new THREE.Vector2(x, y)));
      return THREE.ShapeUtils.triangulateShape(ways[0], ways.slice(1));
    }));
    return known;
  };
  for (const one of solids) {
    const faces = triangles(one.areas);
    one.areas.forEach((rings, area) => {
      const points = rings.flat(), n = points.length, at = pos.length / 3;
      for (const z of [one.z + GAP, one.top - GAP]) for (const [x, y] of points) { pos.push(x, y, z); unit.push(one.unit); storey.push(one.no); building.push(one.place); }
      for (const [a, b, c] of faces[area]) index.push(at + c, at + b, at + a, at + n + a, at + n + b, at + n + c);
      let start = 0;
      for (const ring of rings) {
        for (let i = 0; i < ring.length; i++) {
          const a = at + start + i, b = at + start + ((i + 1) % ring.length);
          index.push(a, b, b + n, a, b + n, a + n);
          edge.push(a + n, b + n, a, a + n);
        }
        start += ring.length;
      }
    });
  }
  return { pos: new Float32Array(pos), unit: new Float32Array(unit), storey: new Float32Array(storey), building: new Float32Array(building), index: new Uint32Array(index), edge: new Uint32Array(edge) };
}

export default {
  props: { label: String },
  emits: ["ready", "pick", "measured"],
  data: () => ({ tip: "", flat: false, why: "", rev: 0, floor: 1 }),
  template: `
    <div class="sf-estate">
      <canvas v-show="!flat" tabindex="0" role="application" :aria-label="label" @click="click" @keydown="key"></canvas>
      <p v-if="why" class="sf-callout sf-callout-bad" role="alert">{{ why }}</p>
      <svg v-if="flat && shapes().length" :key="rev" class="sf-estate-flat" :viewBox="view()" role="group" :aria-label="label + '，平面'">
        <g v-for="s in shapes()" :key="s.key" :tabindex="s.unit < total() ? 0 : null" :role="s.unit < total() ? 'button' : null" :aria-label="s.title" @click="choose(s.unit, true)" @keydown.enter.prevent="choose(s.unit, true)" @keydown="key">
          <title>{{ s.title }}</title><text v-if="s.name" :x="s.name[1]" :y="s.name[2]" text-anchor="middle">{{ s.name[0] }}</text><path :d="s.path" :fill="s.fill" fill-rule="evenodd" :class="{ 'sf-estate-chosen': s.chosen }" />
        </g>
      </svg>
      <div class="sf-estate-tip" role="status" aria-live="polite">{{ tip }}</div>
    </div>`,
  created() { this.m = { uniforms: null, cells: null, colours: [], shown: { cut: 999, only: -99, building: -1 } }; },
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
    m.watch?.disconnect(); m.controls?.dispose();
    m.scene?.traverse((one) => { one.geometry?.dispose(); one.material?.dispose?.(); });
    m.number?.dispose(); m.texture?.dispose(); m.target?.dispose(); m.gl?.dispose(); m.gl?.forceContextLoss();
  },
  methods: {
    show(drawn) {
      const m = this.m, began = performance.now();
      Object.assign(m, unfold(drawn));
      m.selected = -1;
      m.width = 256;
      const height = Math.max(1, Math.ceil((m.total + m.numbers.length) / m.width));
      m.cells = new Uint8Array(m.width * height * 4).fill(255);
      this.floor = Math.max(1, Math.min(...m.solids.map((s) => (s.no > 0 ? s.no : 1)), 1));
      if (m.gl && m.solids.length) this.build(height);
      this.rev += 1;
      return { homes: m.total, solids: m.solids.length, milliseconds: performance.now() - began, calls: m.gl ? m.gl.info.render.calls : 0 };
    },
    build(height) {
      const m = this.m, canvas = m.gl.domElement, made = mesh(m.solids);
      m.texture = new THREE.DataTexture(m.cells, m.width, height);
      m.uniforms = { colours: { value: m.texture }, width: { value: m.width }, selected: { value: -1 }, explode: { value: 0 }, cut: { value: 999 }, only: { value: -99 }, building: { value: -1 } };
      const material = (fragmentShader) => new THREE.ShaderMaterial({ vertexShader: PLACE, fragmentShader, uniforms: m.uniforms, side: m.slow ? THREE.FrontSide : THREE.DoubleSide });
      const geometry = new THREE.BufferGeometry(), lines = new THREE.BufferGeometry();
      for (const [name, values, size] of [["position", made.pos, 3], ["aUnit", made.unit, 1], ["aStorey", made.storey, 1], ["aBuilding", made.building, 1]]) {
        geometry.setAttribute(name, new THREE.BufferAttribute(values, size));
        lines.setAttribute(name, geometry.getAttribute(name));
      }
      geometry.setIndex(new THREE.BufferAttribute(made.index, 1));
      lines.setIndex(new THREE.BufferAttribute(made.edge, 1));
      geometry.computeBoundingBox();
      m.scene = new THREE.Scene();
      m.scene.background = new THREE.Color(document.body.classList.contains("body--dark") ? "#1a2029" : "#eef3f8");
      m.mesh = new THREE.Mesh(geometry, material(COLOUR));
      Object.assign(m.mesh.material, { polygonOffset: true, polygonOffsetFactor: 1, polygonOffsetUnits: 1 });
      m.lines = new THREE.LineSegments(lines, material(EDGE));
      m.number = material(NUMBER);
      for (const one of [m.mesh, m.lines]) { one.frustumCulled = false; m.scene.add(one); }
      m.target = new THREE.WebGLRenderTarget(1, 1);
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
    home() {
      const m = this.m;
      if (!m.box) return;
      // Of one building that is shown alone the box is its own.
      const only = m.shown.building, own = new THREE.Box3();
      if (only >= 0) for (const s of m.solids) if (s.place === only) for (const rings of s.areas) for (const [x, y] of rings[0]) { own.expandByPoint(new THREE.Vector3(x, y, s.z)); own.expandByPoint(new THREE.Vector3(x, y, s.top)); }
      const box = only >= 0 && !own.isEmpty() ? own : m.box;
      const middle = box.getCenter(new THREE.Vector3()), far = box.getSize(new THREE.Vector3()).length() * Math.max(1, 1.3 / (m.camera.aspect || 1)) * (only >= 0 ? 1.3 : 1);
      m.camera.position.set(middle.x + far * 0.5, middle.y - far * 0.85, middle.z + far * 0.55);
      m.controls.target.copy(middle);
      m.controls.update();
    },
    size() {
      const m = this.m, { clientWidth: w, clientHeight: h } = this.$el;
      if (!w || !h || !m.camera) return;
      m.gl.setPixelRatio(m.slow ? 1 : Math.min(devicePixelRatio, 1.5));
      m.gl.setSize(w, h, false);
      m.camera.aspect = w / h;
      m.camera.updateProjectionMatrix();
      this.draw();
    },
    // No loop: a frame only where something changed.
    draw() {
      const m = this.m;
      if (!m.scene || m.wanted) return;
      m.wanted = requestAnimationFrame(() => { m.wanted = 0; m.gl.render(m.scene, m.camera); });
    },
    // A byte a home: its look, 63 for none; marked ones are hatched, hidden ones are not drawn.
    paint(looks, bytes) {
      const m = this.m, raw = Uint8Array.from(atob(bytes), (sign) => sign.charCodeAt(0));
      // Colours may come before the picture; they come again with it.
      if (!m.cells) return;
      m.colours = looks.map((hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)));
      m.bytes = raw;
      for (let i = 0; i < m.total + m.numbers.length; i++) {
        const byte = i < raw.length ? raw[i] : LOOK, colour = m.colours[byte & LOOK] || (i < m.total ? [243, 245, 248] : [190, 198, 208]);
        m.cells.set([...colour, byte & HIDDEN ? 0 : byte & MARKED ? 128 : 255], 4 * i);
      }
      if (m.texture) m.texture.needsUpdate = true;
      this.rev += 1;
      this.draw();
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
    // The home under a place of the canvas, -1 for none.
    at(x, y) {
      const m = this.m, { clientWidth: w, clientHeight: h } = m.gl.domElement, shown = m.mesh.material, ground = m.scene.background;
      m.camera.setViewOffset(w, h, x, y, 1, 1);
      m.mesh.material = m.number; m.lines.visible = false; m.scene.background = null;
      m.gl.setRenderTarget(m.target); m.gl.setClearColor(0, 0); m.gl.clear(); m.gl.render(m.scene, m.camera);
      const pixel = new Uint8Array(4);
      m.gl.readRenderTargetPixels(m.target, 0, 0, 1, 1, pixel);
      m.gl.setRenderTarget(null); m.camera.clearViewOffset();
      m.mesh.material = shown; m.lines.visible = true; m.scene.background = ground;
      return pixel[0] + (pixel[1] << 8) + (pixel[2] << 16) - 1;
    },
    click(event) {
      if (!this.m.mesh) return;
      const box = event.currentTarget.getBoundingClientRect();
      this.choose(this.at(event.clientX - box.left, event.clientY - box.top), true);
    },
    choose(unit, tell) {
      const m = this.m, home = m.homes?.[unit];
      m.selected = home ? unit : -1;
      if (m.uniforms) m.uniforms.selected.value = m.selected;
      this.tip = home ? home.number + " " + home.label + "层 " + home.room + (home.schematic ? "（示意）" : "") : m.numbers?.[unit - m.total] ? m.numbers[unit - m.total] + " 公共部位或未分户" : tell ? "没有选中房屋" : "";
      this.rev += 1;
      this.draw();
      if (tell) this.$emit("pick", m.selected);
    },
    key(event) {
      const m = this.m, homes = m.homes || [];
      if (event.key === "Escape") { this.choose(-1, true); return; }
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
    total() { return this.m.total || 0; },
    visible() {
      const m = this.m, top = new Map();
      for (const s of m.solids || []) {
        const fits = s.no <= m.shown.cut && (m.shown.only < -90 || s.no === m.shown.only) && (m.shown.building < 0 || s.place === m.shown.building);
        if (fits && !(top.get(s.place) > s.no)) top.set(s.place, s.no);
      }
      return (m.solids || []).filter((s) => top.get(s.place) === s.no);
    },
    view() {
      const all = this.visible().flatMap((s) => s.areas.flatMap((rings) => rings[0]));
      const [x, y] = [0, 1].map((axis) => all.map((p) => p[axis]));
      const [left, right, low, high] = [Math.min(...x), Math.max(...x), Math.min(...y), Math.max(...y)];
      return [left - 3, -high - 3, right - left + 6, high - low + 6].map((v) => v.toFixed(2)).join(" ");
    },
    shapes() {
      const m = this.m, named = new Set();
      return this.visible().map((s, key) => {
        const outer = s.areas[0][0], first = !named.has(s.place);
        named.add(s.place);
        const byte = s.unit < (m.bytes?.length || 0) ? m.bytes[s.unit] : LOOK, colour = m.colours[byte & LOOK] || [243, 245, 248], home = m.homes[s.unit];
        const path = s.areas.flatMap((rings) => rings.map((ring) => "M" + ring.map(([x, y]) => x.toFixed(2) + " " + (-y).toFixed(2)).join("L") + "Z")).join("");
        return { key, unit: s.unit, path, fill: byte & HIDDEN ? "none" : "rgb(" + colour.join(",") + ")", chosen: s.unit === m.selected, name: first ? [m.numbers[s.place], outer[0][0].toFixed(2), (-Math.max(...outer.map((p) => p[1])) - 1).toFixed(2)] : null, title: home ? home.number + " " + home.label + "层 " + home.room : m.numbers[s.place] + " 公共部位" };
      });
    },
    // For the bench: the milliseconds of a frame, of a picked home and of new colours.
    measure(times) {
      const m = this.m, spent = (work) => { const began = performance.now(); for (let i = 0; i < times; i++) work(i); m.gl.getContext().finish(); return (performance.now() - began) / times; };
      const frame = spent(() => m.gl.render(m.scene, m.camera)), calls = m.gl.info.render.calls;
      const pick = spent((i) => this.at(200 + i, 200));
      const code = btoa(String.fromCharCode(...m.bytes.slice(0, 60000)));
      const paint = spent(() => { this.paint(m.colours.map((c) => "#" + c.map((v) => v.toString(16).padStart(2, "0")).join("")), code); });
      return { frame, pick, paint, calls };
    },
  },
};
