// An outline as a map and as the table of its points, in step. The table alone does everything by keyboard; where the
// browser shows no map it remains and says why.
import { area, distance, metric, millimetres, outlineMap } from "shenfang-outline";

const PAGE = 100;
const UNDOS = 50;
const NUMBER = /^-?\d{1,9}(\.\d{1,6})?$/;
const TOOLS = [
  { key: "area", label: "绘制地块", tip: "单击加点，双击结束；Ctrl+Z 撤销上一点，Esc 取消。靠近相邻界址点时自动吸附。" },
  { key: "hole", label: "绘制内圈", tip: "在地块内单击加点，双击结束。" },
  { key: "cut", label: "分割", tip: "画一条穿过地块的线，双击结束，地块沿线分为两块。" },
  { key: "measure", label: "测量", tip: "单击加点，双击结束：两点得距离，三点以上另得围成的面积。" },
];
const BY_KEY = "键盘：方向键移动十字（加Shift微调），空格加点，退格撤销，回车结束。";

export default {
  props: { label: String, shape: Array, around: Array, opens: Array, marks: Array, editable: Boolean, error: String, inputId: String, drawnAs: String },
  emits: ["changed", "cut", "merge", "view", "drawn"],
  template: `
    <div class="sf-outline" @keydown="keys">
      <div v-if="editable" class="sf-outline-tools" role="toolbar" aria-label="图形工具">
        <button v-for="t in tools" :key="t.key" type="button" :disabled="!!absent" :aria-pressed="tool === t.key ? 'true' : 'false'" :title="t.tip" @click="pick(t)">{{ t.key === "area" ? drawnAs : t.label }}</button>
        <button type="button" @click="$emit('merge')">合并相邻块</button>
        <button type="button" :disabled="!past.length" title="Ctrl+Z" @click="undo">撤销</button>
        <button type="button" @click="begin">逐点输入</button>
        <button type="button" :disabled="!!absent" @click="fit">全图</button>
      </div>
      <div v-else class="sf-outline-tools"><button type="button" :disabled="!!absent" :aria-pressed="tool ? 'true' : 'false'" :title="tools[3].tip" @click="pick(tools[3])">测量</button><button type="button" :disabled="!!absent" @click="fit">全图</button></div>
      <p v-if="absent" class="sf-outline-absent" role="note">不能显示地图：{{ absent }}。请在下方坐标表中查看{{ editable ? "和填写" : "" }}，检查结果不受影响。</p>
      <div v-show="!absent" ref="map" class="sf-outline-map" tabindex="0" role="application" :aria-label="label + '。方向键平移，加减号缩放；坐标表给出同样的内容'"></div>
      <p class="sf-outline-said" role="status" aria-live="polite">{{ said }}</p>
      <p v-if="error" class="sf-wrong" role="alert">{{ error }}</p>
      <div class="sf-outline-scroll" tabindex="0" role="region" :aria-label="label + '坐标表'">
        <table class="sf-outline-table">
          <thead><tr><th scope="col">点号</th><th scope="col">X（北）</th><th scope="col">Y（东）</th><th scope="col">边长</th><th v-if="editable" scope="col">操作</th></tr></thead>
          <tbody>
            <template v-for="row in page" :key="row.key">
              <tr v-if="row.head" class="sf-outline-ring"><th :colspan="editable ? 5 : 4" scope="rowgroup">{{ row.head }}
                <button v-if="editable" type="button" @click="dropRing(row)">删除{{ row.r ? "内圈" : "本块" }}</button>
                <button v-if="editable && !row.r" type="button" @click="addRing(row.p)">增加内圈</button></th></tr>
              <tr v-else :class="{ 'sf-outline-here': row.key === here }">
                <th scope="row">J{{ row.no }}</th>
                <td v-for="axis in [1, 0]" :key="axis">
                  <input v-if="editable" :id="row.first && axis ? inputId : null" :data-cell="row.key + ':' + axis" :value="typing === row.key + ':' + axis ? typed : row.place[axis] === null ? '' : row.place[axis].toFixed(3)" :aria-label="'J' + row.no + (axis ? ' X北' : ' Y东')" :aria-invalid="wrong === row.key + ':' + axis ? 'true' : null" inputmode="decimal" autocomplete="off" maxlength="18" @focus="reach(row)" @input="note(row.key + ':' + axis, $event.target.value)" @change="type(row, axis, $event.target)" />
                  <template v-else>{{ row.place[axis].toFixed(3) }}</template>
                </td>
                <td>{{ row.edge }}</td>
                <td v-if="editable"><button type="button" :aria-label="'在J' + row.no + '后插入一点'" title="Ctrl+Insert" @click="insert(row)">插入</button><button type="button" :aria-label="'删除J' + row.no" title="Ctrl+Delete" @click="drop(row)">删除</button></td>
              </tr>
            </template>
            <tr v-if="!rows.length"><td :colspan="editable ? 5 : 4"><button v-if="editable" :id="inputId" type="button" @click="begin">没有界址点：上传、粘贴、绘制，或按此逐点输入</button><template v-else>没有界址点</template></td></tr>
          </tbody>
        </table>
      </div>
      <div v-if="pages > 1" class="sf-outline-pages"><button type="button" :disabled="at < 1" @click="at -= 1">上一页</button><span>第{{ at + 1 }}页，共{{ pages }}页，{{ points }}个界址点</span><button type="button" :disabled="at + 1 >= pages" @click="at += 1">下一页</button></div>
    </div>`,
  data: () => ({ tools: TOOLS, tool: "", said: "", absent: "", now: [], past: [], here: "", wrong: "", typing: "", typed: "", at: 0 }),
  computed: {
    rows() {
      const rows = [];
      this.now.forEach((polygon, p) => {
        let no = 0;
        polygon.forEach((ring, r) => {
          const several = this.now.length > 1 ? `第${p + 1}块 ` : "";
          rows.push({ key: `${p}.${r}`, head: `${several}${r ? `内圈${r}` : "外圈"}（${ring.length}点）`, p, r });
          ring.forEach((place, i) => {
            const next = ring[(i + 1) % ring.length];
            const whole = place[0] !== null && place[1] !== null && next[0] !== null && next[1] !== null;
            no += 1;
            rows.push({ key: `${p}.${r}.${i}`, p, r, i, no, place, first: !p && !r && !i, edge: whole && ring.length > 1 ? metric(distance(place, next)) : "" });
          });
        });
      });
      return rows;
    },
    page() { return this.rows.slice(this.at * PAGE, this.at * PAGE + PAGE); },
    pages() { return Math.ceil(this.rows.length / PAGE); },
    points() { return this.rows.filter((row) => !row.head).length; },
  },
  async mounted() {
    this.now = frozen(this.shape ?? []);
    for (const act of ["pointerdown", "wheel", "keydown"]) this.$el.addEventListener(act, () => (this.touched = true), { capture: true, passive: true });
    try {
      this.map = await outlineMap(this.$refs.map, {
        opens: this.opens, editable: this.editable, draws: ["measure"], said: (words, on) => { if (!on) this.tool = ""; this.said = words; }, changed: (shape, words) => this.take(shape, words),
        drawn: (ring, hole) => this.drawn(ring, hole), cut: (line) => { this.tool = ""; this.$emit("cut", line); }, viewed: this.editable ? (box) => this.$emit("view", box) : null,
      });
    } catch (problem) {
      this.absent = problem.message?.slice(0, 80) || "地图没有载入";
      return;
    }
    if (this.$el.isConnected === false) return this.map.dispose();
    this.$refs.map.outline = this.map;
    this.show();
    this.map.showAround(this.around ?? []);
    this.map.mark(this.marks ?? []);
    this.map.fit();
  },
  beforeUnmount() { this.map?.dispose(); },
  methods: {
    // ------------------------------------------------ called from the server
    load(shape, words, undoable = true) {
      this.take(frozen(shape), words, { quiet: true, undoable });
      this.fit();
    },
    tell(around, marks, opens) {
      // An editor asks for what lies around its view itself.
      if (!this.editable) this.map?.showAround(around);
      this.map?.mark(marks);
      // Only until somebody works: an answer that comes late must not move the map under a hand that draws.
      if (opens && !this.now.length && !this.touched) this.map?.fitBox(opens);
    },
    surround(around) { this.map?.showAround(around); },
    preview(around, marks) {
      this.map?.showAround(around);
      this.map?.mark(marks);
      this.map?.forget();
      this.map?.fitAround();
    },
    say(words) { this.said = words; },
    go(e, n) { this.map?.go(e, n); this.$refs.map.scrollIntoView({ block: "nearest" }); },
    // What had the keyboard went with the faults that were repaired: it goes on at the table of points.
    take_up() {
      setTimeout(() => document.activeElement === document.body && this.$el.querySelector(".sf-outline-scroll").focus({ preventScroll: true }), 150);
    },
    reachFirst() { this.$el.querySelector(".sf-outline-table input, .sf-outline-table button")?.focus(); },

    // ------------------------------------------------ the shape
    take(shape, words, { quiet = false, undoable = true } = {}) {
      if (undoable) this.past = [...this.past.slice(-UNDOS), this.now];
      this.now = frozen(shape);
      this.at = Math.max(0, Math.min(this.at, this.pages - 1));
      this.show();
      if (!quiet) this.$emit("changed", this.whole());
      this.said = `${words}。${this.summary()}`;
    },
    whole() {
      const filled = (ring) => ring.filter((place) => place[0] !== null && place[1] !== null);
      return this.now.map((polygon) => polygon.map(filled).filter((ring) => ring.length > 2)).filter((polygon) => polygon.length);
    },
    show() { this.map?.show(this.whole()); },
    summary() {
      const whole = this.whole().reduce((sum, polygon) => sum + polygon.reduce((left, ring, r) => left + (r ? -1 : 1) * area(ring), 0), 0);
      return `面积${metric(whole)}平方米，${this.points}个界址点`;
    },
    undo() {
      if (this.map?.back()) return;
      const before = this.past.at(-1);
      if (!before) return;
      this.past = this.past.slice(0, -1);
      this.take(before, "已撤销", { undoable: false });
    },
    fit() { this.map?.fit(); },
    pick(tool) {
      const on = this.tool !== tool.key;
      this.tool = on ? tool.key : "";
      this.map?.use(this.tool);
      this.said = on ? tool.tip + BY_KEY : "已取消绘制";
      if (on) this.$refs.map.focus();
    },
    drawn(ring, hole) {
      this.tool = "";
      const shape = this.whole().map((polygon) => [...polygon]);
      if (!hole) {
        this.take([...shape, [ring]], "已绘制一块");
        this.$emit("drawn");
        return;
      }
      const holder = shape.find((polygon) => inside(ring[0], polygon[0]));
      if (!holder) return (this.said = "内圈不在任何一块之内，未绘制");
      holder.push(ring);
      this.take(shape, "已绘制内圈");
    },

    // ------------------------------------------------ the table
    edit(row, change, words) {
      const shape = this.now.map((polygon) => polygon.map((ring) => [...ring]));
      change(shape[row.p][row.r], shape);
      this.take(shape.map((polygon) => polygon.filter((ring) => ring.length)).filter((polygon) => polygon.length), words);
    },
    type(row, axis, input) {
      const text = input.value.replace(/[\s,，]/g, "").replace(/[０-９．－]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
      if (!NUMBER.test(text)) {
        this.wrong = `${row.key}:${axis}`;
        this.note(this.wrong, input.value);
        this.said = `J${row.no}：“${input.value.slice(0, 20)}”不是坐标，请输入以米为单位的数值`;
        return;
      }
      this.wrong = this.typing = "";
      const place = [...row.place];
      place[axis] = millimetres([Number(text)])[0];
      if (place[axis] === row.place[axis]) return;
      this.edit(row, (ring) => (ring[row.i] = place), `J${row.no}已改`);
    },
    /** What is being typed is kept: the table may be drawn anew meanwhile. */
    note(cell, text) {
      this.typing = cell;
      this.typed = text;
    },
    insert(row) {
      this.wrong = this.typing = "";
      const ring = this.now[row.p][row.r];
      const next = ring[(row.i + 1) % ring.length];
      const whole = ring.length > 2 && row.place[0] !== null && next[0] !== null && row.place[1] !== null && next[1] !== null;
      const between = whole ? millimetres([(row.place[0] + next[0]) / 2, (row.place[1] + next[1]) / 2]) : [null, null];
      this.edit(row, (points) => points.splice(row.i + 1, 0, between), `已在J${row.no}后插入一点`);
      this.focus(`${row.p}.${row.r}.${row.i + 1}:1`);
    },
    drop(row) {
      this.wrong = this.typing = "";
      this.edit(row, (ring) => ring.splice(row.i, 1), `已删除J${row.no}`);
      this.focus(`${row.p}.${row.r}.${Math.max(0, row.i - 1)}:1`);
    },
    dropRing(row) { this.edit(row, (ring, shape) => (row.r ? ring.splice(0) : shape.splice(row.p, 1)), row.r ? "已删除内圈" : "已删除一块"); },
    addRing(p) {
      const shape = this.now.map((polygon) => [...polygon]);
      shape[p].push(Array.from({ length: 3 }, () => [null, null]));
      this.take(shape, "请填写内圈的坐标");
      this.focus(`${p}.${shape[p].length - 1}.0:1`);
    },
    begin() {
      this.take([...this.now, [Array.from({ length: 3 }, () => [null, null])]], "请逐点填写X（北）和Y（东）");
      this.focus(`${this.now.length - 1}.0.0:1`);
    },
    reach(row) {
      this.here = row.key;
      const [e, n] = row.place;
      if (e !== null && n !== null) this.map?.mark([...(this.marks ?? []), { e, n, tone: "info" }]);
      if (this.wrong.startsWith(`${row.key}:`)) return;
      const several = this.now.length > 1 ? `第${row.p + 1}块` : "";
      this.said = `选中${several}${row.r ? `内圈${row.r}` : "外圈"}J${row.no}${row.edge ? `，到下一点${row.edge}米` : ""}`;
    },
    focus(cell) {
      const key = cell.split(":")[0];
      const place = this.rows.findIndex((row) => row.key === key);
      if (place >= 0) this.at = Math.floor(place / PAGE);
      this.$nextTick(() => this.$el.querySelector(`[data-cell="${cell}"]`)?.focus());
    },
    keys(event) {
      const cell = event.target.dataset?.cell;
      if (event.key === "Escape" && this.tool) {
        this.tool = "";
        this.map?.use("");
        this.said = "已取消绘制";
        event.preventDefault();
        event.stopPropagation();
      } else if (event.ctrlKey && event.key.toLowerCase() === "z" && (this.editable || this.tool)) {
        event.preventDefault();
        event.stopPropagation();
        this.undo();
      } else if (cell && ["Enter", "ArrowDown", "ArrowUp"].includes(event.key)) {
        event.preventDefault();
        event.stopPropagation();
        const cells = [...this.$el.querySelectorAll(`[data-cell$=":${cell.split(":")[1]}"]`)];
        const step = event.key === "ArrowUp" ? -1 : 1;
        event.target.dispatchEvent(new Event("change"));
        const next = cells[cells.indexOf(event.target) + step];
        if (this.wrong === cell) event.target.focus();
        else if (next) this.focus(next.dataset.cell);
      } else if (cell && event.ctrlKey && ["Insert", "Delete"].includes(event.key)) {
        event.preventDefault();
        event.stopPropagation();
        const row = this.rows.find((one) => one.key === cell.split(":")[0]);
        if (event.key === "Insert") this.insert(row);
        else this.drop(row);
      }
    },
  },
};

// Shapes are replaced whole, never changed: the framework need not watch thousands of points.
const frozen = (shape) => Object.freeze(shape.map((polygon) => Object.freeze(polygon.map((ring) => Object.freeze(ring.map((place) => Object.freeze([...place])))))));

function inside(place, ring) {
  return ring.reduce((within, a, at) => {
    const b = ring[(at + 1) % ring.length];
    const crosses = a[1] > place[1] !== b[1] > place[1] && place[0] < ((b[0] - a[0]) * (place[1] - a[1])) / (b[1] - a[1]) + a[0];
    return crosses ? !within : within;
  }, false);
}
