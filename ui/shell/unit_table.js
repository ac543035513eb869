// 楼盘表: storeys from the top down, sections beside each other, a cell a unit, a legend that counts and filters.
// Units are known by their index in `cells`; rows name the index each place draws, or how many columns stay empty.
import { toRaw } from "vue";

const LABEL = 0, WORDS = 1, ROW = 2, COLUMN = 3, DOWN = 4, SPAN = 5;
// What a table showed is kept by its cells, for a tab that is left and opened again mounts it anew.
const left = new WeakMap();
const PLAIN = ["#f3f5f8", "", ""];
// What Vue would watch cell by cell takes most of the time of 2,000; what is frozen it takes as it is.
const still = (mode) => Object.freeze({ ...toRaw(mode) });
const setOf = (list) => Object.freeze(new Set(list));

export default {
  props: {
    label: String, rows: Array, sections: Array, cells: Array, modes: Array, mode: String, ticking: Boolean, chosen: Number, ticked: Array,
    kept: Array,
  },
  emits: ["pick", "move", "ticks", "filter", "colour"],
  data() {
    const was = left.get(this.cells);
    return was || {
      picked: this.chosen, at: -1, ticks: setOf(this.ticked), only: new Set(), marked: false, key: this.mode, held: this.kept && setOf(this.kept),
      drawn: this.modes.map(still), said: "",
    };
  },
  beforeUnmount() { left.set(this.cells, { ...this.$data }); },
  computed: {
    units() { return toRaw(this.cells); },
    now() { return this.drawn.find((one) => one.key === this.key) || { looks: [], of: [], marked: [], mark: null }; },
    hatched() { return new Set(this.now.marked); },
    edges() {
      let at = 0;
      return new Set(this.sections.map(([, wide]) => (at += wide) - wide));
    },
    shown() {
      const { of } = this.now, { held, only, marked, hatched } = this;
      return this.units.map((_, i) => (!held || held.has(i)) && (!only.size || only.has(of[i])) && (!marked || hatched.has(i)));
    },
    legend() {
      const count = this.now.looks.map(() => 0);
      this.now.of.forEach((look, i) => { if (look >= 0 && (!this.held || this.held.has(i))) count[look] += 1; });
      return this.now.looks.map(([colour, letter, label], look) => ({ look, colour, letter, label, count: count[look] }));
    },
    hatchedCount() { return [...this.hatched].filter((i) => !this.held || this.held.has(i)).length; },
    filtered() { return this.only.size > 0 || this.marked; },
    // By row and column the unit that is there.
    places() {
      const found = this.rows.map(() => []);
      this.units.forEach((cell, i) => {
        for (let row = cell[ROW]; row < cell[ROW] + cell[DOWN]; row++) for (let col = cell[COLUMN]; col < cell[COLUMN] + cell[SPAN]; col++) found[row][col] = i;
      });
      return found;
    },
    // What of a row's cells changes while it stands: a row is drawn anew where one of them did. Vue remembers rows, but no
    // cells of theirs: of a list within a list it keeps the last row's alone.
    states() {
      const { shown, ticks } = this;
      return this.lines.map(({ items }) => items.map(({ item }) => (shown[item] ? 1 : 0) + (ticks.has(item) ? 2 : 0)).join(""));
    },
    stop() { return this.at >= 0 && this.shown[this.at] ? this.at : this.picked >= 0 && this.shown[this.picked] ? this.picked : this.first; },
    first() {
      for (const row of this.places) for (const i of row) if (i !== undefined && this.shown[i]) return i;
      return -1;
    },
    lines() {
      let row = -1;
      return this.rows.map(([label, items]) => {
        let col = 0;
        row += 1;
        return {
          label,
          items: items.map((item) => {
            while (this.places[row][col] !== undefined && this.places[row][col] !== item) col += 1;
            const span = item < 0 ? -item : this.units[item][SPAN];
            const one = { item, span, edge: this.edges.has(col), key: item < 0 ? row + "-" + col : item };
            col += span;
            return one;
          }),
        };
      });
    },
  },
  template: `
    <div class="sf-units">
      <div class="sf-units-bar">
        <div v-if="drawn.length > 1" class="sf-units-modes" role="radiogroup" aria-label="着色方式" @keydown="turn">
          <button v-for="one in drawn" :key="one.key" type="button" role="radio" :aria-checked="String(one.key === key)" :tabindex="one.key === key ? 0 : -1"
            @click="colour(one.key, true)">{{ one.label }}</button>
        </div>
        <div class="sf-units-legend" role="group" :aria-label="'图例，按下只显示所选'">
          <button v-for="one in legend" :key="one.look" type="button" :aria-pressed="String(only.has(one.look))" :aria-label="one.label + '，' + one.count + '户'" @click="filter(one.look)">
            <i :style="{ background: one.colour }" aria-hidden="true">{{ one.letter }}</i>{{ one.label }}<b>{{ one.count.toLocaleString() }}</b></button>
          <button v-if="now.mark" type="button" :aria-pressed="String(marked)" :aria-label="now.mark[1] + '，' + hatchedCount + '户'" @click="filterMarked">
            <i class="sf-unit-hatched" aria-hidden="true">{{ now.mark[0] }}</i>{{ now.mark[1] }}<b>{{ hatchedCount.toLocaleString() }}</b></button>
          <button v-if="filtered" type="button" class="sf-units-all" @click="showAll">全部显示</button>
        </div>
      </div>
      <div class="sf-units-scroll">
        <table role="grid" :aria-label="label" :aria-multiselectable="String(ticking)" @keydown="keyed" @click="clicked" @focusin="entered">
          <thead><tr><th scope="col">层</th><th v-for="(s, n) in sections" :key="s[0]" scope="colgroup" :colspan="s[1]" class="sf-unit-edge" :data-section="n"
            :class="{ 'sf-unit-head': ticking }" :title="ticking ? '勾选本单元' : null">{{ /^[0-9A-Za-z]+$/.test(s[0]) ? s[0] + "单元" : s[0] }}</th></tr></thead>
          <tbody>
            <tr v-for="(line, row) in lines" :key="row" v-memo="[now, states[row], within(row, stop), within(row, picked)]">
              <th scope="row" :data-row="row" :aria-label="line.label + '层'" :class="{ 'sf-unit-head': ticking }" :title="ticking ? '勾选本层' : null">{{ line.label }}</th>
              <td v-for="one in line.items" :key="one.key" :colspan="one.span"
                v-bind="one.item < 0 ? { role: 'presentation' } : drawnAs(one.item)" :class="{ 'sf-unit-edge': one.edge }"
                ><template v-if="one.item >= 0"><b>{{ units[one.item][0] }}</b><i>{{ letters(one.item) }}</i></template></td>
            </tr>
          </tbody>
        </table>
      </div>
      <p class="sf-units-said" role="status">{{ said }}</p>
    </div>`,
  methods: {
    within(row, i) { return i >= 0 && this.units[i][ROW] === row ? i : -1; },
    look(i) { return this.now.looks[this.now.of[i]] || PLAIN; },
    letters(i) { return this.look(i)[1] + (this.hatched.has(i) ? this.now.mark[0] : ""); },
    // What a cell says and looks like.
    drawnAs(i) {
      const shown = this.shown[i], ticked = this.ticks.has(i), picked = this.picked === i, spoken = this.spoken(i);
      return {
        role: "gridcell", rowspan: this.units[i][DOWN], style: { backgroundColor: this.look(i)[0] }, tabindex: this.stop === i ? 0 : -1, "data-unit": i, title: spoken,
        class: { "sf-unit": true, "sf-unit-out": !shown, "sf-unit-hatched": this.hatched.has(i), "sf-unit-ticked": ticked },
        "aria-label": spoken, "aria-selected": String(this.ticking ? ticked : picked), "aria-current": picked ? "true" : null, "aria-disabled": shown ? null : "true",
      };
    },
    spoken(i) {
      const cell = this.units[i], marks = [cell[LABEL], this.look(i)[2], this.hatched.has(i) ? this.now.mark[1] : "", cell[WORDS]];
      return marks.filter(Boolean).join(" ");
    },
    say(words) { this.said = words; },
    told() { return this.ticking && this.ticks.size ? "；已勾选" + this.ticks.size + "户" : ""; },

    // Asked by the server.
    choose(i) {
      const within = this.$el.querySelector("table").contains(document.activeElement);
      this.picked = this.at = i;
      if (i < 0) return;
      this.say("当前：" + this.spoken(i) + this.told());
      this.reach(i, within);
    },
    tick(list) {
      this.ticks = setOf(list);
      this.say(list.length ? "已勾选" + list.length + "户" : "没有勾选");
    },
    keep(list) { this.held = list && setOf(list); },
    recolour(mode) { this.drawn = this.drawn.map((one) => (one.key === mode.key ? still(mode) : one)); },
    enter() { this.reach(this.stop, true); },

    colour(key, own) {
      if (key === this.key) return;
      const had = this.filtered;
      this.key = key;
      this.only = new Set();
      this.marked = false;
      this.say("按" + this.now.label + "着色");
      if (!own) return;
      this.$emit("colour", key);
      if (had) this.$emit("filter", null);
    },
    turn(event) {
      const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = this.drawn.findIndex((one) => one.key === this.key), all = this.drawn.length;
      this.colour(this.drawn[(at + step + all) % all].key, true);
      this.$nextTick(() => this.$el.querySelector('.sf-units-modes [aria-checked="true"]').focus());
    },
    filter(look) {
      const only = new Set(this.only);
      if (!only.delete(look)) only.add(look);
      this.only = only;
      this.tellFilter();
    },
    filterMarked() {
      this.marked = !this.marked;
      this.tellFilter();
    },
    showAll() {
      this.only = new Set();
      this.marked = false;
      this.tellFilter();
      this.reach(this.stop, true);
    },
    tellFilter() {
      const found = this.filtered ? this.units.map((_, i) => i).filter((i) => this.shown[i]) : null;
      this.say(found ? "显示" + found.length + "户" : "全部显示");
      this.$emit("filter", found);
    },

    pick(i) {
      this.picked = this.at = i;
      this.say("当前：" + this.spoken(i) + this.told());
      this.$emit("pick", i);
    },
    setTicks(ticks) {
      this.ticks = Object.freeze(ticks);
      this.say(ticks.size ? "已勾选" + ticks.size + "户" : "没有勾选");
      this.$emit("ticks", [...ticks].sort((a, b) => a - b));
    },
    flip(units) {
      const ticks = new Set(this.ticks), free = units.filter((i) => this.shown[i]);
      const all = free.every((i) => ticks.has(i));
      free.forEach((i) => (all ? ticks.delete(i) : ticks.add(i)));
      this.setTicks(ticks);
    },
    // Tick the block between the unit where Shift went down and this one.
    span(to) {
      const from = this.anchor ?? this.stop, a = this.units[from], b = this.units[to], ticks = new Set(this.base || this.ticks);
      this.anchor = from;
      this.base = this.base || new Set(this.ticks);
      const top = Math.min(a[ROW], b[ROW]), low = Math.max(a[ROW] + a[DOWN], b[ROW] + b[DOWN]);
      const start = Math.min(a[COLUMN], b[COLUMN]), end = Math.max(a[COLUMN] + a[SPAN], b[COLUMN] + b[SPAN]);
      for (let row = top; row < low; row++) for (let col = start; col < end; col++) {
        const i = this.places[row][col];
        if (i !== undefined && this.shown[i]) ticks.add(i);
      }
      this.setTicks(ticks);
    },
    loose() { this.anchor = this.base = null; },
    unitOf(event) {
      const found = event.target.closest?.("td[data-unit]");
      return found ? Number(found.dataset.unit) : -1;
    },
    clicked(event) {
      const head = event.target.closest("th"), i = this.unitOf(event);
      if (this.ticking && head?.dataset.row) return this.flip([...new Set(this.places[head.dataset.row].filter((one) => one !== undefined))]);
      if (this.ticking && head?.dataset.section) {
        const start = [...this.edges][head.dataset.section], end = start + this.sections[head.dataset.section][1];
        return this.flip(this.units.map((_, n) => n).filter((n) => this.units[n][COLUMN] >= start && this.units[n][COLUMN] < end));
      }
      if (i < 0 || !this.shown[i]) return;
      if (this.ticking && event.shiftKey) { this.span(i); return this.reach(i, true); }
      this.loose();
      if (this.ticking && (event.ctrlKey || event.metaKey)) { this.flip([i]); return this.reach(i, true); }
      this.pick(i);
    },
    entered(event) {
      const i = this.unitOf(event);
      if (i < 0 || i === this.at) return;
      this.at = i;
      clearTimeout(this.later);
      this.later = setTimeout(() => this.$emit("move", i), 80);
    },
    reach(i, focus) {
      if (i < 0) return;
      this.$nextTick(() => {
        const found = this.$el.querySelector('[data-unit="' + i + '"]');
        if (focus) found?.focus({ preventScroll: true });
        if (found) this.reveal(found);
      });
    },
    // The heads stay in place over the cells, so a cell is shown clear of them.
    reveal(cell) {
      const box = this.$el.querySelector(".sf-units-scroll"), over = box.getBoundingClientRect(), one = cell.getBoundingClientRect();
      const head = box.querySelector("thead").offsetHeight, side = box.querySelector("tbody th")?.offsetWidth || 0;
      if (one.top < over.top + head) box.scrollTop -= over.top + head - one.top;
      else if (one.bottom > over.top + box.clientHeight) box.scrollTop += one.bottom - over.top - box.clientHeight;
      if (one.left < over.left + side) box.scrollLeft -= over.left + side - one.left;
      else if (one.right > over.left + box.clientWidth) box.scrollLeft += one.right - over.left - box.clientWidth;
    },
    keyed(event) {
      const i = this.unitOf(event);
      if (i < 0 || event.altKey) return;
      const held = event.ctrlKey || event.metaKey, key = event.key;
      if (key === "Enter" || key === " ") {
        event.preventDefault();
        this.loose();
        return this.ticking && key === " " ? this.flip([i]) : this.pick(i);
      }
      if (this.ticking && key === "Escape" && this.ticks.size) { event.preventDefault(); event.stopPropagation(); return this.setTicks(new Set()); }
      if (this.ticking && held && key.toLowerCase() === "a") { event.preventDefault(); return this.setTicks(new Set([...this.ticks, ...this.units.map((_, n) => n).filter((n) => this.shown[n])])); }
      const to = this.next(i, key, held);
      if (to === undefined) return;
      event.preventDefault();
      if (to < 0) return;
      if (this.ticking && event.shiftKey) this.span(to);
      else this.loose();
      this.reach(to, true);
    },
    // The unit a key leads to: -1 where there is none, undefined for another key.
    next(i, key, held) {
      const cell = this.units[i], row = cell[ROW], col = cell[COLUMN];
      const across = (from, step, list = this.places[row]) => {
        for (let at = Math.min(from, list.length - 1); at >= 0 && at < list.length; at += step) {
          const found = list[at];
          if (found !== undefined && this.shown[found]) return found;
        }
        return -1;
      };
      // In the nearest row with units, first of the own section: the one nearest by column.
      const along = (from, step) => {
        const [start, end] = this.sectionOf(col);
        for (const [low, high] of [[start, end], [0, Infinity]])
          for (let at = from; at >= 0 && at < this.places.length; at += step) {
            let best = -1;
            this.places[at].forEach((found, place) => {
              if (found === undefined || !this.shown[found] || place < low || place >= high) return;
              if (best < 0 || Math.abs(place - col) < Math.abs(best - col)) best = place;
            });
            if (best >= 0) return this.places[at][best];
          }
        return -1;
      };
      switch (key) {
        case "ArrowLeft": return across(col - 1, -1);
        case "ArrowRight": return across(col + cell[SPAN], 1);
        case "ArrowUp": return along(row - 1, -1);
        case "ArrowDown": return along(row + cell[DOWN], 1);
        case "PageUp": return along(Math.max(0, row - 10), 1);
        case "PageDown": return along(Math.min(this.places.length - 1, row + cell[DOWN] + 9), -1);
        case "Home": return held ? this.first : across(0, 1);
        case "End": return held ? across(Infinity, -1, this.places.flat()) : across(Infinity, -1);
        default: return undefined;
      }
    },
    sectionOf(col) {
      const starts = [...this.edges], n = starts.findLastIndex((one) => one <= col);
      return [starts[n], starts[n] + this.sections[n][1]];
    },
  },
};
