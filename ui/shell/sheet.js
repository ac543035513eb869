// A dense table drawn by itself: the library's slots would build every row anew at each change of the page.
export default {
  props: { columns: Array, rows: Array, sort: String, label: String, id: String },
  emits: ["pick", "enter", "sort"],
  data: () => ({ chosen: null }),
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
      this.$emit("pick", row.id);
    },
    key(e, row) {
      if (e.key === " ") {
        e.preventDefault();
        this.pick(row);
      }
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
  },
  template: `
    <div class="sf-sheet">
      <table :aria-label="label">
        <thead><tr>
          <th v-for="c in columns" :key="c.name" scope="col" :class="{ 'sf-right': c.number }" :style="c.width ? { width: c.width + 'px' } : {}"
            :aria-sort="direction(c)"><button v-if="c.sortable" type="button" @click="turn(c)">{{ c.label }}<i aria-hidden="true"></i></button>
            <template v-else>{{ c.label }}</template></th>
        </tr></thead>
        <tbody>
          <tr v-for="(row, n) in rows" :key="row.id" :tabindex="n ? -1 : 0" :aria-selected="String(chosen === row.id)"
            @click="pick(row)" @dblclick="$emit('enter', row.id)" @keydown="key($event, row)">
            <td v-for="c in columns" :key="c.name" :class="{ 'sf-right': c.number }" :data-label="c.label" :data-empty="row[c.name] ? null : ''"
              :title="row[c.name]"><span v-if="row['tone-' + c.name]" :class="'sf-badge sf-' + row['tone-' + c.name]">{{ row[c.name] }}</span>
              <template v-else>{{ row[c.name] }}</template></td>
          </tr>
        </tbody>
      </table>
    </div>`,
};
