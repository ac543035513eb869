// A dense table drawn by itself: the library's slots would build every row anew at each change of the page.
export default {
  props: { columns: Array, rows: Array, sort: String, label: String, id: String, ticks: Boolean, whole: Boolean, frozen: Number, totals: Object },
  emits: ["pick", "enter", "hold", "sort", "ticks", "width"],
  data: () => ({ chosen: null, ticked: [], lefts: [], dragged: null }),
  computed: {
    marked() {
      return this.whole ? this.rows.map((row) => row.id) : this.ticked;
    },
  },
  watch: {
    rows(now) {
      const here = new Set(now.map((row) => row.id));
      this.ticked = this.ticked.filter((id) => here.has(id));
    },
  },
  methods: {
    direction(col) {
      if (!col.sortable) return null;
      return this.sort === col.name ? "ascending" : this.sort === "-" + col.name ? "descending" : "none";
    },
    turn(col) {
      if (!col.sortable) return;
      // Ascending, descending, as the list comes by itself.
      this.$emit("sort", this.sort === col.name ? "-" + col.name : this.sort === "-" + col.name ? "" : col.name);
    },
    pick(row) {
      this.chosen = row.id;
      this.own = { id: row.id, at: performance.now() };
      this.$emit("pick", row.id);
    },
    key(e, row) {
      if (e.key === " " && e.target.tagName !== "INPUT") {
        e.preventDefault();
        this.pick(row);
      } else if (this.ticks && e.key.toLowerCase() === "x" && !e.ctrlKey && !e.altKey && !e.metaKey) {
        e.preventDefault();
        this.tick([row.id], !this.marked.includes(row.id));
      }
    },
    tick(ids, on) {
      const now = new Set(this.marked);
      ids.forEach((id) => (on ? now.add(id) : now.delete(id)));
      this.ticked = this.rows.map((row) => row.id).filter((id) => now.has(id));
      this.$emit("ticks", this.ticked);
    },
    untick() {
      this.ticked = [];
    },
    choose(id, follow) {
      // An answer to the row before must not take the keyboard back from somebody who has gone on.
      if (this.own && this.own.id !== id && performance.now() - this.own.at < 5000) return;
      this.own = null;
      const held = follow && this.$el.contains(document.activeElement) || document.activeElement === document.body;
      this.chosen = id;
      this.$nextTick(() => {
        const row = this.$el.querySelectorAll("tbody tr")[this.rows.findIndex((one) => one.id === id)];
        row?.scrollIntoView({ block: "nearest" });
        if (held) row?.focus();
      });
    },
    grip(e, c) {
      // Dragged at the right edge of its head; told to the server once it is let go.
      const th = e.target.closest("th");
      const from = e.clientX - th.offsetWidth;
      const width = (at) => Math.round(Math.min(1000, Math.max(40, at - from)));
      const move = (at) => (this.dragged = { name: c.name, width: width(at.clientX) });
      const done = (at) => {
        window.removeEventListener("pointermove", move);
        window.removeEventListener("pointerup", done);
        this.$emit("width", { key: c.name, width: width(at.clientX) });
        setTimeout(() => (this.dragged = null), 800);
      };
      window.addEventListener("pointermove", move);
      window.addEventListener("pointerup", done);
    },
    fixed(c, n) {
      const set = this.dragged?.name === c.name ? this.dragged.width : c.set;
      const style = set ? { width: set + "px", minWidth: set + "px", maxWidth: set + "px" } : c.width ? { width: c.width + "px" } : {};
      if (n < this.frozen) style.left = (this.lefts[n] ?? 0) + "px";
      return style;
    },
    measure() {
      if (!this.frozen) return;
      const heads = [...this.$el.querySelectorAll("thead th")].slice(this.ticks ? 1 : 0, (this.ticks ? 1 : 0) + this.frozen);
      let left = this.ticks ? 30 : 0;
      const lefts = heads.map((th) => ((left += th.offsetWidth), left - th.offsetWidth));
      if (lefts.join() !== this.lefts.join()) this.lefts = lefts;
    },
    first() {
      this.$el.querySelector("tbody tr")?.focus();
    },
  },
  beforeUpdate() {
    this.held = this.$el.contains(document.activeElement);
  },
  updated() {
    // The row with the keyboard went with the old page of the list; the keyboard stays in the list.
    if (this.held && !this.$el.contains(document.activeElement)) this.first();
    this.held = false;
    this.measure();
  },
  mounted() {
    this.measure();
  },
  template: `
    <div class="sf-sheet">
      <table :aria-label="label">
        <thead><tr>
          <th v-if="ticks" class="sf-tick" scope="col"><input type="checkbox" aria-label="勾选本页全部" :disabled="!rows.length"
            :checked="rows.length > 0 && marked.length === rows.length" @change="tick(rows.map((row) => row.id), $event.target.checked)" /></th>
          <th v-for="(c, n) in columns" :key="c.name" scope="col" :class="{ 'sf-right': c.number, 'sf-frozen': n < frozen, 'sf-free': !c.width }" :style="fixed(c, n)"
            :aria-sort="direction(c)"><button v-if="c.sortable" type="button" @click="turn(c)">{{ c.label }}<i aria-hidden="true"></i></button>
            <template v-else>{{ c.label }}</template><span class="sf-grip" aria-hidden="true" @pointerdown.prevent.stop="grip($event, c)" @click.stop></span></th>
        </tr></thead>
        <tbody>
          <tr v-for="(row, n) in rows" :key="row.id" :tabindex="n ? -1 : 0" :aria-selected="String(chosen === row.id)"
            @click="pick(row)" @focus="$emit('hold', row.id)" @dblclick="$emit('enter', row.id)" @keydown="key($event, row)">
            <td v-if="ticks" class="sf-tick" data-label="勾选" @click.stop @dblclick.stop><input type="checkbox" tabindex="-1" aria-label="勾选本行"
              :checked="marked.includes(row.id)" @change="tick([row.id], $event.target.checked)" /></td>
            <td v-for="(c, at) in columns" :key="c.name" :class="{ 'sf-right': c.number, 'sf-frozen': at < frozen, 'sf-long': !c.number && row[c.name]?.length > 6, 'sf-short': row[c.name]?.length < 5 }" :style="fixed(c, at)" :data-label="c.label" :data-empty="row[c.name] ? null : ''"
              :title="row[c.name]"><span v-if="row['tone-' + c.name]" :class="'sf-badge sf-' + row['tone-' + c.name]">{{ row[c.name] }}</span>
              <template v-else>{{ row[c.name] }}</template></td>
          </tr>
        </tbody>
        <tfoot v-if="totals && rows.length"><tr>
          <td v-if="ticks"></td>
          <td v-for="(c, at) in columns" :key="c.name" :class="{ 'sf-right': c.number, 'sf-frozen': at < frozen }" :style="fixed(c, at)"
            :data-label="c.label" :data-empty="totals[c.name] ? null : ''">{{ totals[c.name] ?? (at ? "" : "合计") }}</td>
        </tr></tfoot>
      </table>
    </div>`,
};
