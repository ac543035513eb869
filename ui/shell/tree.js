// The modules by group, on the left; one component, for every element of the page is drawn anew with each answer.
export default {
  props: { groups: Array, starred: Array },
  emits: ["open", "star"],
  computed: {
    all() {
      const found = {};
      for (const g of this.groups) for (const m of g.members) found[m.key] = m;
      return found;
    },
    shown() {
      const own = this.starred.map((key) => this.all[key]).filter(Boolean);
      return own.length ? [{ label: "收藏", icon: "star", members: own }, ...this.groups] : this.groups;
    },
  },
  methods: {
    // Arrows walk the lines; S puts one among the favourites or takes it out.
    walk(e, key) {
      if (e.ctrlKey || e.metaKey || e.altKey) return;
      const lines = [...this.$el.querySelectorAll("summary, .sf-line-open")].filter((one) => one.offsetParent);
      const at = lines.indexOf(e.target);
      const go = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: lines.length - 1 }[e.key];
      if (lines[go]) lines[go].focus();
      else if (key && e.key.toLowerCase() === "s") this.$emit("star", key);
      else return;
      e.preventDefault();
    },
  },
  template: `
    <div>
      <details v-for="g in shown" :key="g.label" open>
        <summary @keydown="walk($event, '')"><q-icon :name="g.icon" aria-hidden="true" /><span>{{ g.label }}</span></summary>
        <div v-for="m in g.members" :key="m.key" class="sf-tree-line" :class="{ 'sf-starred': starred.includes(m.key) }">
          <button class="sf-line-open" type="button" :data-module="m.key"
            @click="$emit('open', m.key)" @keydown="walk($event, m.key)">
            <q-icon :name="m.icon" aria-hidden="true" /><span>{{ m.title }}</span>
          </button>
          <button class="sf-star" type="button" tabindex="-1" :aria-pressed="starred.includes(m.key)"
            :aria-label="(starred.includes(m.key) ? '取消收藏' : '收藏') + m.title" :title="starred.includes(m.key) ? '取消收藏（S）' : '收藏（S）'"
            @click="$emit('star', m.key)">
            <q-icon :name="starred.includes(m.key) ? 'star' : 'star_border'" aria-hidden="true" />
          </button>
        </div>
      </details>
    </div>`,
};
