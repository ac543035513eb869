// The plan of a storey: its parts with their rooms, chosen by mouse or key; in cutting mode two clicks draw a line.
export default {
  props: { parts: Array, size: Array, label: String, cutting: Boolean, cuts: Array, picked: String },
  emits: ["pick", "cut"],
  data: () => ({ start: null }),
  computed: {
    scale() { return 560 / Math.max(this.size[0], this.size[1] * 1.6, 1); },
    width() { return this.size[0] * this.scale + 24; },
    height() { return this.size[1] * this.scale + 24; },
    drawn() {
      return this.parts.map((part) => {
        const path = part.rings.map((ring) => "M" + ring.map((at) => this.at(at).join(" ")).join("L") + "Z").join("");
        const outer = part.rings[0] || [[0, 0]];
        const middle = [0, 1].map((axis) => (Math.min(...outer.map((p) => p[axis])) + Math.max(...outer.map((p) => p[axis]))) / 2);
        return { ...part, path, middle: this.at(middle) };
      });
    },
  },
  template: `
    <svg class="sf-plan" :viewBox="'0 0 ' + width + ' ' + height" role="group" :aria-label="label" @click="place">
      <g v-for="p in drawn" :key="p.part" :class="['sf-plan-part', p.tone, p.part === picked ? 'sf-plan-picked' : '']" :tabindex="p.common ? null : 0" :role="p.common ? null : 'button'" :aria-pressed="p.common ? null : p.part === picked"
        :aria-label="p.title" @click="pick(p)" @keydown.enter.prevent="$emit('pick', p.part)" @keydown.space.prevent="$emit('pick', p.part)">
        <title>{{ p.title }}</title>
        <path :d="p.path" fill-rule="evenodd" /><text :x="p.middle[0]" :y="p.middle[1]" text-anchor="middle">{{ p.label }}</text>
      </g>
      <line v-for="(c, i) in cuts" :key="i" class="sf-plan-cut" :x1="at(c[0])[0]" :y1="at(c[0])[1]" :x2="at(c[1])[0]" :y2="at(c[1])[1]" />
      <circle v-if="start" class="sf-plan-cut" :cx="at(start)[0]" :cy="at(start)[1]" r="4" />
    </svg>`,
  methods: {
    at(p) { return [+(12 + p[0] * this.scale).toFixed(1), +(12 + (this.size[1] - p[1]) * this.scale).toFixed(1)]; },
    pick(p) { if (!this.cutting && !p.common) this.$emit("pick", p.part); },
    place(event) {
      if (!this.cutting) return;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.$el.getScreenCTM().inverse());
      const here = [(point.x - 12) / this.scale, this.size[1] - (point.y - 12) / this.scale];
      if (!this.start) { this.start = here; return; }
      this.$emit("cut", [this.start, here]);
      this.start = null;
    },
  },
};
