// A list to tick without the mouse: Enter goes on, Space ticks, arrows move between the rows.
export default {
  props: { options: Array, value: Array, name: String, columns: Array },
  emits: ["update:value"],
  template: `
    <div class="sf-ticks" :class="{ 'sf-ticks-table': columns && columns.length }" role="group" :aria-label="name">
      <div v-if="columns && columns.length" class="sf-ticks-head" aria-hidden="true"><span></span><span v-for="c in columns">{{ c }}</span></div>
      <label v-for="o in options" :key="o.value" :class="{ 'sf-ticks-off': o.off }">
        <input type="checkbox" :value="o.value" :checked="(value || []).includes(o.value)" :disabled="o.off" @change="tick(o, $event)" @keydown="key" />
        <template v-if="o.cells"><span v-for="(c, i) in o.cells" :data-label="columns[i]">{{ c }}</span></template>
        <span v-else>{{ o.label }}</span>
        <em v-if="o.badge" :class="'sf-badge sf-' + (o.tone || 'muted')">{{ o.badge }}</em>
      </label>
    </div>`,
  methods: {
    tick(o, e) {
      const now = new Set(this.value || []);
      e.target.checked ? now.add(o.value) : now.delete(o.value);
      this.$emit("update:value", this.options.filter((one) => now.has(one.value)).map((one) => one.value));
    },
    key(e) {
      const all = [...this.$el.querySelectorAll("input:not(:disabled)")];
      const by = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[e.altKey ? "" : e.key];
      if (by) {
        e.preventDefault();
        all[all.indexOf(e.target) + by]?.focus();
      } else if (e.key === "Enter") {
        e.preventDefault();
        window.sfNext?.(e.shiftKey ? all[0] : all[all.length - 1], e.shiftKey);
      }
    },
  },
};
