// The lines of a list under a record: one cell at a time is a field, so that five hundred lines stay quick.
export default {
  props: { columns: Array, lines: Array, name: String, editable: Boolean, most: Number, cellId: String },
  emits: ["lines", "seek"],
  data: () => ({ rows: [], at: null, wrong: {}, open: false, found: [], pick: 0, place: {}, text: "", names: {}, started: false }),
  created() { this.take(this.lines); },
  computed: {
    column() { return this.at ? this.columns[this.at.col] : null; },
  },
  template: `
    <div class="sf-grid sf-child" @focusout="left">
      <div class="sf-sheet"><table :aria-label="name">
        <thead><tr>
          <th class="sf-child-no" scope="col">序号</th>
          <th v-for="c in columns" :key="c.name" scope="col" :class="{ 'sf-right': c.number, 'sf-required': c.required && editable }" :title="c.help || null"
            :style="c.width ? { minWidth: c.width + 'px' } : {}">{{ c.label }}<small v-if="c.unit">（{{ c.unit }}）</small></th>
          <th v-if="editable" class="sf-child-out" scope="col"><span class="sf-unseen">移除</span></th>
        </tr></thead>
        <tbody>
          <tr v-for="(row, i) in rows" :key="row.key">
            <td class="sf-child-no" data-label="序号">{{ i + 1 }}</td>
            <td v-for="(c, j) in columns" :key="c.name" :data-label="c.label" :data-cell="i + ':' + j" :class="cellClass(row, i, c, j)"
              :title="wrong[i + ':' + c.name]?.[0] ?? null" :tabindex="editable ? (at ? -1 : i + j ? -1 : 0) : null" @mousedown="press($event, i, j)" @focus="go(i, j)">
              <template v-if="editable && at && at.row === i && at.col === j">
                <input :id="cellId" class="sf-cell" autocomplete="off" spellcheck="false" :aria-label="c.label + '，第' + (i + 1) + '行'" :maxlength="c.most || 200"
                  :aria-invalid="String(wrong[i + ':' + c.name]?.[1] === false)" :role="c.options || c.seek ? 'combobox' : null" :aria-expanded="c.options || c.seek ? String(open) : null"
                  :value="text" @input="typed" @change="commit" @keydown="key" @paste="paste" @mousedown.stop="menu" />
              </template>
              <template v-else>{{ shown(c, row.cells[c.name]) }}</template>
            </td>
            <td v-if="editable" class="sf-child-out" data-label="移除"><button type="button" tabindex="-1" :aria-label="'移除第' + (i + 1) + '行'" @click="remove(i)">×</button></td>
          </tr>
        </tbody>
      </table></div>
      <p v-if="!rows.length" class="sf-empty sf-empty-small">{{ editable ? "还没有内容。可逐行添加，也可从表格中复制后粘贴" : "没有内容" }}</p>
      <div v-if="editable" class="sf-child-bar">
        <button type="button" class="sf-child-add" @click="add()" @paste="pasteNew">添加一行</button>
        <button v-if="rows.length" type="button" class="sf-child-add" @mousedown.prevent @click="copy(at ? at.row : rows.length - 1)">复制{{ at ? "本行" : "末行" }}</button>
        <span>{{ rows.length }} 行<template v-if="most">，最多 {{ most }} 行</template></span>
        <span class="sf-child-keys">回车下移、末行回车添加；Tab 右移；Ctrl+D 复制本行；Ctrl+Delete 移除本行；可粘贴多行</span>
      </div>
      <Teleport to="body">
        <ul v-if="open" class="sf-choice-list" role="listbox" :style="place">
          <li v-for="(o, i) in found" :key="o.value" role="option" :aria-selected="String(i === pick)" @mousedown.prevent="choose(o)" @mousemove="pick = i"><span>{{ o.label }}</span></li>
          <li v-if="!found.length" class="sf-choice-none">没有符合的选项</li>
        </ul>
      </Teleport>
    </div>`,
  methods: {
    take(lines) {
      this.rows = (lines || []).map((one) => ({ key: ++this.$options.count, cells: { ...one } }));
      this.columns.forEach((c) => Object.assign(this.names, c.names || {}));
      this.wrong = {};
      this.close();
      this.at = null;
    },
    fill(lines, names) {
      Object.assign(this.names, names || {});
      this.take(lines);
    },
    // By cell: what is said of it, and whether that is a hint alone.
    mark(wrong) { this.wrong = wrong || {}; },
    reach(row, name) {
      const col = Math.max(0, this.columns.findIndex((c) => c.name === name));
      if (this.rows[row]) this.go(row, col);
      this.$nextTick(() => this.$el.scrollIntoView({ block: "nearest" }));
    },
    shown(c, value) {
      if (value === null || value === undefined || value === "") return "";
      if (c.options) return c.options.find((o) => o.value === value)?.label ?? value;
      if (c.seek) return this.names[value] ?? value;
      return c.grouped ? String(value).replace(/^(\d+)(?=\.|$)/, (whole) => whole.replace(/\B(?=(\d{3})+$)/g, ",")) : value;
    },
    // While it is edited a number has no commas.
    asTyped(c, value) { return c.grouped ? value ?? "" : this.shown(c, value); },
    cellClass(row, i, c, j) {
      const hint = this.wrong[i + ":" + c.name]?.[1];
      return { "sf-right": c.number, "sf-cell-wrong": hint === false, "sf-cell-hint": hint, "sf-cell-now": this.at && this.at.row === i && this.at.col === j };
    },
    press(e, i, j) {
      if (!this.editable || (this.at && this.at.row === i && this.at.col === j)) return;
      e.preventDefault();
      this.go(i, j);
    },
    go(row, col) {
      if (!this.editable || !this.rows[row]) return;
      if (this.at && this.at.row === row && this.at.col === col) return;
      if (this.at) this.commit();
      this.close();
      this.at = { row, col };
      this.text = this.asTyped(this.columns[col], this.rows[row].cells[this.columns[col].name]);
      this.started = false;
      this.moving = true;
      this.$nextTick(() => {
        this.moving = false;
        const box = document.getElementById(this.cellId);
        box?.focus();
        box?.select();
        box?.closest("td")?.scrollIntoView({ block: "nearest", inline: "nearest" });
      });
    },
    typed(e) {
      this.text = e.target.value;
      this.started = true;
      const c = this.column;
      if (c.options || c.seek) this.offerFor(c);
    },
    menu() {
      const c = this.column;
      if (c && (c.options || c.seek)) this.open ? this.close() : this.offerFor(c, true);
    },
    offerFor(c, all) {
      const box = document.getElementById(this.cellId)?.getBoundingClientRect();
      if (!box) return;
      this.place = { left: box.left + "px", minWidth: Math.max(160, box.width) + "px", maxHeight: "240px" };
      if (innerHeight - box.bottom > 200) this.place.top = box.bottom + 1 + "px";
      else this.place.bottom = innerHeight - box.top + 1 + "px";
      this.open = true;
      this.pick = 0;
      const text = all ? "" : this.text.trim().toLowerCase();
      if (c.options) this.found = c.options.filter((o) => !text || o.label.toLowerCase().includes(text) || o.keys.includes(text) || o.value.toLowerCase() === text);
      else {
        clearTimeout(this.later);
        this.later = setTimeout(() => this.$emit("seek", { name: c.name, text: all ? "" : this.text }), all ? 0 : 220);
      }
    },
    offer(name, found) {
      found.forEach((o) => { this.names[o.value] = o.label; });
      if (this.column?.name === name) { this.found = found; this.pick = 0; }
    },
    close() {
      clearTimeout(this.later);
      this.open = false;
      this.found = [];
    },
    choose(o) {
      this.set(this.at.row, this.column, o.value);
      this.names[o.value] = o.label;
      this.text = o.label;
      this.started = false;
      this.close();
    },
    // What is typed is a label, a value or something the server will tell of.
    read(c, text) {
      const plain = String(text).trim();
      if (c.options) return c.options.find((o) => o.label === plain || o.value === plain)?.value ?? plain;
      if (c.seek) return Object.keys(this.names).find((id) => this.names[id] === plain) ?? plain;
      return plain;
    },
    set(row, c, value) {
      const cells = this.rows[row].cells;
      if ((cells[c.name] ?? "") === value) return;
      cells[c.name] = value;
      delete this.wrong[row + ":" + c.name];
      this.tell();
    },
    commit() {
      if (!this.at || !this.started) return this.flush();
      const c = this.column;
      let text = this.text;
      if (this.open && this.found.length && text.trim()) text = this.found[this.pick].label;
      this.set(this.at.row, c, this.read(c, text));
      this.started = false;
      this.flush();
    },
    tell() {
      this.unsent = true;
      clearTimeout(this.soon);
      this.soon = setTimeout(this.flush, 400);
    },
    flush() {
      clearTimeout(this.soon);
      if (!this.unsent) return;
      this.unsent = false;
      this.$emit("lines", this.rows.map((row) => row.cells));
    },
    left(e) {
      // The field of the cell before goes away with the keyboard in it; another window is no other place of the page.
      if (this.moving || this.$el.contains(e.relatedTarget)) return;
      this.commit();
      if (!document.hasFocus()) return;
      this.close();
      this.at = null;
    },
    add(cells) {
      if (this.most && this.rows.length >= this.most) return;
      this.rows.push({ key: ++this.$options.count, cells: cells || {} });
      this.tell();
      this.go(this.rows.length - 1, 0);
    },
    // A copy has what is shown of its row; a building's or a unit's number that ends in a sign counts on, in its name too: 2#, 2号楼.
    copy(i) {
      if (!this.rows[i] || (this.most && this.rows.length >= this.most)) return;
      this.commit();
      const cells = {};
      this.columns.forEach((c) => { if (this.rows[i].cells[c.name] !== undefined) cells[c.name] = this.rows[i].cells[c.name]; });
      this.columns.filter((c) => c.counts).forEach((c) => {
        const taken = new Set(this.rows.map((row) => row.cells[c.name]));
        let next = cells[c.name];
        while (next && taken.has(next) && /\d/.test(next)) next = next.replace(/\d+(?=\D*$)/, (n) => String(Number(n) + 1).padStart(n.length, "0"));
        const [was, now] = [cells[c.name], next].map((no) => /\d+/.exec(no || "")?.[0]);
        cells[c.name] = taken.has(next) ? "" : next;
        if (was && now && cells[c.name]) this.columns.filter((o) => !o.counts && !o.number && !o.options && !o.seek).forEach((o) => {
          cells[o.name] = cells[o.name]?.replace(new RegExp("^" + was + "(?=[^\\d.-])"), now);
        });
      });
      this.wrong = {};
      this.rows.splice(i + 1, 0, { key: ++this.$options.count, cells });
      this.tell();
      this.at = null;
      this.go(i + 1, 0);
    },
    remove(i) {
      this.close();
      this.at = null;
      this.rows.splice(i, 1);
      this.wrong = {};
      this.tell();
      this.$nextTick(() => this.rows.length ? this.go(Math.min(i, this.rows.length - 1), 0) : this.$el.querySelector(".sf-child-add")?.focus());
    },
    key(e) {
      if (e.isComposing || e.keyCode === 229) return;
      const { row, col } = this.at;
      const last = this.rows.length - 1, end = this.columns.length - 1;
      if (this.open && (e.key === "ArrowDown" || e.key === "ArrowUp")) {
        e.preventDefault();
        this.pick = (this.pick + (e.key === "ArrowDown" ? 1 : -1) + this.found.length) % this.found.length || 0;
      } else if (e.key === "ArrowDown" && (this.column.options || this.column.seek) && e.altKey) {
        e.preventDefault();
        this.offerFor(this.column, true);
      } else if (e.key === "Escape") {
        if (!this.open && !this.started) return;
        e.stopPropagation();
        this.close();
        this.text = this.asTyped(this.column, this.rows[row].cells[this.column.name]);
        this.started = false;
      } else if (e.key === "Enter") {
        e.preventDefault();
        e.stopPropagation();
        // What is picked from a list stays in its row, whose other cells come next.
        if (this.open && this.found[this.pick]) return this.choose(this.found[this.pick]);
        if (e.shiftKey) return this.go(Math.max(0, row - 1), col);
        if (row < last) this.go(row + 1, col);
        else { this.commit(); this.add(); }
      } else if (e.key === "Tab") {
        // Past the last cell the keyboard goes on to what comes after the table.
        const to = e.shiftKey ? [col ? row : row - 1, col ? col - 1 : end] : [col < end ? row : row + 1, col < end ? col + 1 : 0];
        if (this.rows[to[0]]) { e.preventDefault(); this.go(...to); }
        else { this.commit(); if (!e.shiftKey) { e.preventDefault(); this.$el.querySelector(".sf-child-add")?.focus(); } }
      } else if (e.key === "ArrowDown" && row < last) { e.preventDefault(); this.go(row + 1, col); }
      else if (e.key === "ArrowUp" && row > 0) { e.preventDefault(); this.go(row - 1, col); }
      else if (e.key === "d" && e.ctrlKey) { e.preventDefault(); this.copy(row); }
      else if (e.key === "Delete" && e.ctrlKey) { e.preventDefault(); this.remove(row); }
    },
    paste(e) {
      const text = e.clipboardData?.getData("text/plain") ?? "";
      if (!/[\t\n]/.test(text.trimEnd())) return;
      e.preventDefault();
      this.spread(text, this.at.row, this.at.col);
    },
    pasteNew(e) {
      const text = e.clipboardData?.getData("text/plain") ?? "";
      if (!text.trim()) return;
      e.preventDefault();
      this.spread(text, this.rows.length, 0);
    },
    spread(text, row, col) {
      const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n");
      this.close();
      lines.forEach((line, n) => {
        if (!this.rows[row + n]) {
          if (this.most && this.rows.length >= this.most) return;
          this.rows.push({ key: ++this.$options.count, cells: {} });
        }
        line.split("\t").forEach((value, m) => {
          const c = this.columns[col + m];
          if (c) this.rows[row + n].cells[c.name] = this.read(c, value.slice(0, c.most || 200));
        });
      });
      this.wrong = {};
      this.started = false;
      this.at = null;
      this.tell();
      this.go(Math.min(row + lines.length, this.rows.length) - 1, col);
    },
  },
  count: 0,
  beforeUnmount() { this.close(); this.flush(); },
};
