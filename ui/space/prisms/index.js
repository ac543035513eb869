// The homes of an estate as upright prisms: unfolded from the plans they share, made one mesh, and met by a ray.
import { THREE } from "nicegui-scene";

export * from "./shaders.js";

export const GAP = 0.06;

const pairs = (flat, at) => { const p = []; for (let i = 0; i < flat.length; i += 2) p.push([flat[i] / 1000 + at[0], flat[i + 1] / 1000 + at[1]]); return p; };

// Homes in the order of the server; behind them one number a building for what is common or not divided.
export function unfold(drawn) {
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
        solids.push({ unit: homes.length, no, place, z, top, areas: plans[plan][part], schematic });
        homes.push({ place, no, label, room, number: b.no, schematic: !!schematic });
        own += 1;
      }
      plans[plan].forEach((areas, part) => { if (!mine.has(part)) solids.push({ unit: total + place, no, place, z, top, areas, schematic }); });
    }
  });
  return { homes, solids, total, numbers: drawn.buildings.map((b) => b.no) };
}

// The box around the outline of a part, kept with it: many storeys share one.
const boxes = new WeakMap();
export function around(areas) {
  let box = boxes.get(areas);
  if (!box) {
    const all = areas.flatMap((rings) => rings[0]), [x, y] = [0, 1].map((axis) => all.map((p) => p[axis]));
    boxes.set(areas, box = [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)]);
  }
  return box;
}

export const inside = (areas, x, y) => areas.some((rings) => rings.flatMap((ring) => ring.map((a, i) => [a, ring[(i + 1) % ring.length]]))
  .reduce((within, [a, b]) => (a[1] > y !== b[1] > y && x < ((b[0] - a[0]) * (y - a[1])) / (b[1] - a[1]) + a[0] ? !within : within), false));

// Square metres of a ring, and of a part without its courtyards.
export const ringed = (ring) => Math.abs(ring.reduce((sum, [x, y], i) => {
  const [a, b] = ring[0], [u, v] = ring[(i + 1) % ring.length];
  return sum + ((x - a) * (v - b) - (u - a) * (y - b)) / 2;
}, 0));
export const covered = (areas) => areas.reduce((sum, [outer, ...holes]) => sum + ringed(outer) - holes.reduce((of, ring) => of + ringed(ring), 0), 0);

// How far apart two places are: level, high and straight, in metres.
export function apart(a, b) {
  const level = Math.hypot(b[0] - a[0], b[1] - a[1]), high = Math.abs(b[2] - a[2]);
  return { level, high, far: Math.hypot(level, high) };
}

/** Metres or square metres as a page writes them: two places, thousands set apart. */
const metric = (value) => value.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

// The words of a measurement: the last two places, of three and more their whole length and the level area within.
export function measure(places, flat) {
  const two = apart(...places.slice(-2)), whole = places.slice(1).reduce((sum, p, i) => sum + apart(places[i], p).far, 0);
  const told = flat ? `平面距离${two.level.toFixed(2)}米` : `水平${two.level.toFixed(2)}米，高差${two.high.toFixed(2)}米，直线${two.far.toFixed(2)}米`;
  return told + (places.length > 2 ? `；${places.length}点共${metric(whole)}米，围成水平面积${metric(ringed(places))}㎡` : "");
}

// How far along a ray an upright prism is met, null where it is not; `most` is as far as anything else was met.
export function met(areas, low, high, o, d, most) {
  const [west, south, east, north] = around(areas);
  let near = 0, far = most;
  for (const [from, step, least, greatest] of [[o.z, d.z, low, high], [o.x, d.x, west, east], [o.y, d.y, south, north]]) {
    if (Math.abs(step) < 1e-12) {
      if (from < least || from > greatest) return null;
      continue;
    }
    const a = (least - from) / step, b = (greatest - from) / step;
    near = Math.max(near, Math.min(a, b)); far = Math.min(far, Math.max(a, b));
    if (near > far) return null;
  }
  if (inside(areas, o.x + d.x * near, o.y + d.y * near)) return near;
  let found = null;
  for (const rings of areas) for (const ring of rings) for (let i = 0; i < ring.length; i++) {
    const a = ring[i], b = ring[(i + 1) % ring.length], ex = b[0] - a[0], ey = b[1] - a[1], turn = d.x * ey - d.y * ex;
    if (Math.abs(turn) < 1e-12) continue;
    const t = ((a[0] - o.x) * ey - (a[1] - o.y) * ex) / turn, along = ((a[0] - o.x) * d.y - (a[1] - o.y) * d.x) / turn;
    if (along >= 0 && along <= 1 && t >= near && t <= (found ?? far)) found = t;
  }
  return found;
}

export function mesh(solids) {
  const pos = [], unit = [], storey = [], building = [], index = [];
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
        }
        start += ring.length;
      }
    });
  }
  return { pos: new Float32Array(pos), unit: new Float32Array(unit), storey: new Float32Array(storey), building: new Float32Array(building), index: new Uint32Array(index) };
}

// The edges of the same corners: around the top of each prism and up its walls.
export function edges(solids) {
  const edge = [];
  let at = 0;
  for (const one of solids) for (const rings of one.areas) {
    const n = rings.reduce((sum, ring) => sum + ring.length, 0);
    for (const ring of rings) {
      ring.forEach((_, i) => { const a = at + i, b = at + ((i + 1) % ring.length); edge.push(a + n, b + n, a, a + n); });
      at += ring.length;
    }
    at += n;
  }
  return new Uint32Array(edge);
}
