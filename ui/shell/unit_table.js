// 楼盘表: storeys from the top down, sections of columns beside each other, a cell a unit; a duplex spans its storeys.
export default {
  props: { floors: Array, sections: Array, cells: Array, label: String },
  emits: ["pick"],
  data: () => ({ picked: null, at: null }),
  computed: {
    rows() {
      // By storey and column: the unit that begins there (from its top storey), and places that a unit above covers.
      const place = new Map(this.floors.map((floor, row) => [floor[0], row]));
      const starts = new Map(), covered = new Set();
      for (const cell of this.cells) {
        const top = place.get(cell.to), low = place.get(cell.from);
        if (top === undefined) continue;
        const down = low === undefined ? 1 : low - top + 1;
        starts.set(top + ":" + cell.at, { ...cell, down });
        for (let row = top; row < top + down; row++)
          for (let col = cell.at; col < cell.at + cell.span; col++) if (row !== top || col !== cell.at) covered.add(row + ":" + col);
      }
      const width = this.sections.reduce((sum, one) => sum + one.columns, 0);
      return this.floors.map((floor, row) => {
        const cells = [];
        for (let col = 0; col < width; col++) {
          const key = row + ":" + col;
          if (covered.has(key)) continue;
          cells.push(starts.get(key) || { id: "", key, at: col, span: 1, down: 1 });
        }
        return { floor: floor[0], label: floor[1], cells };
      });
    },
    first() { return this.cells.length ? this.cells.reduce((a, b) => (b.to > a.to || (b.to === a.to && b.at < a.at) ? b : a)).id : ""; },
  },
  template: `
    <div class="sf-units">
      <table role="grid" :aria-label="label" @keydown="move">
        <thead><tr><th scope="col">层</th><th v-for="s in sections" :key="s.name" scope="colgroup" :colspan="s.columns">{{ s.name ? s.name + "单元" : "" }}</th></tr></thead>
        <tbody>
          <tr v-for="row in rows" :key="row.floor">
            <th scope="row">{{ row.label }}</th>
            <td v-for="cell in row.cells" :key="cell.id || cell.key" :rowspan="cell.down" :colspan="cell.span" :class="cell.id ? 'sf-unit sf-unit-' + cell.tone : 'sf-unit-none'"
              :role="cell.id ? 'gridcell' : 'presentation'" :tabindex="cell.id ? ((at || first) === cell.id ? 0 : -1) : null" :data-id="cell.id" :aria-selected="cell.id ? picked === cell.id : null"
              :aria-label="cell.id ? cell.title : null" :title="cell.title" @click="cell.id && pick(cell.id)"><template v-if="cell.id"><b>{{ cell.label }}</b><i>{{ cell.letter }}</i></template></td>
          </tr>
        </tbody>
      </table>
    </div>`,
  methods: {
    pick(id) { this.picked = this.at = id; this.$emit("pick", id); },
    focus(id) { if (!id) return; this.at = id; this.$nextTick(() => this.$el.querySelector('[data-id="' + id + '"]')?.focus()); },
    move(event) {
      const now = this.cells.find((one) => one.id === event.target.dataset?.id);
      if (!now) return;
      if (event.key === "Enter" || event.key === " ") { event.preventDefault(); this.pick(now.id); return; }
      const near = (list, by) => list.reduce((best, one) => (best === null || by(one) < by(best) ? one : best), null);
      const same = this.cells.filter((one) => one.to >= now.from && one.from <= now.to);
      const go = {
        ArrowLeft: () => near(same.filter((one) => one.at < now.at), (one) => now.at - one.at),
        ArrowRight: () => near(same.filter((one) => one.at > now.at), (one) => one.at - now.at),
        ArrowUp: () => near(this.cells.filter((one) => one.from > now.to), (one) => (one.from - now.to) * 1000 + Math.abs(one.at - now.at)),
        ArrowDown: () => near(this.cells.filter((one) => one.to < now.from), (one) => (now.from - one.to) * 1000 + Math.abs(one.at - now.at)),
        Home: () => near(same, (one) => one.at),
        End: () => near(same, (one) => -one.at),
      }[event.key];
      if (!go) return;
      event.preventDefault();
      this.focus(go()?.id);
    },
  },
};
