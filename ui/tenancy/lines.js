// A short table given whole. Its rows stay the same nodes when the page is drawn again, so the focus stays too.
export default {
  props: { columns: Array, rows: Array, name: String, pick: Boolean },
  emits: ["hold", "enter"],
  template: `
    <div class="sf-grid sf-grid-whole sf-lines">
      <table :aria-label="name">
        <thead><tr><th v-for="c in columns" :key="c.name" scope="col" :style="c.width ? { width: c.width + 'px' } : null">{{ c.label }}</th></tr></thead>
        <tbody>
          <tr v-for="(r, i) in rows" :key="r.id" :tabindex="pick ? (i ? -1 : 0) : null" @focus="$emit('hold', r.id)" @dblclick="pick && $emit('enter', r.id)">
            <td v-for="c in columns" :key="c.name" :data-label="c.label">
              <span v-if="r.tones[c.name]" :class="'sf-badge sf-' + r.tones[c.name]">{{ r.cells[c.name] }}</span>
              <template v-else>{{ r.cells[c.name] }}</template>
            </td>
          </tr>
        </tbody>
      </table>
    </div>`,
};
