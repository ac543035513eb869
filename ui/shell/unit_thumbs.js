// Buildings to choose from, each with a small picture of its units: storeys from the top down, sections side by side.
const HIGH = 84, WIDE = 116;

export default {
  props: { label: String, buildings: Array, colours: Array, chosen: Number },
  emits: ["pick"],
  template: `
    <nav class="sf-thumbs" :aria-label="label" @keydown="move">
      <button v-for="(one, i) in buildings" :key="i" type="button" :aria-current="i === now ? 'true' : null" :data-place="i" @click="pick(i)">
        <canvas aria-hidden="true" ref="pictures"></canvas><b>{{ one[0] }}</b><small>{{ one[1] }}</small></button>
    </nav>`,
  data() { return { now: this.chosen }; },
  mounted() { this.buildings.forEach((one, i) => this.draw(this.$refs.pictures[i], one[2])); },
  methods: {
    pick(i) { this.now = i; this.$emit("pick", i); },
    choose(i) { this.now = i; },
    move(event) {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const at = Number(event.target.dataset.place) + step;
      this.$el.querySelector('[data-place="' + at + '"]')?.focus();
    },
    draw(canvas, spots) {
      const floors = [...new Set(spots.flatMap(([, , low, top]) => [low, top]))].sort((a, b) => b - a);
      const columns = [...new Set(spots.map(([section, column]) => section + "\0" + String(column).padStart(4, "0")))].sort();
      const row = new Map(floors.map((floor, i) => [floor, i])), col = new Map(columns.map((one, i) => [one, i]));
      const scale = window.devicePixelRatio || 1, pen = canvas.getContext("2d");
      const w = Math.max(1, Math.min(9, Math.floor(WIDE / Math.max(columns.length, 1)))), h = Math.max(1, Math.min(6, Math.floor(HIGH / Math.max(floors.length, 1))));
      const size = [Math.max(1, w * columns.length), Math.max(1, h * floors.length)];
      [canvas.width, canvas.height] = size.map((one) => one * scale);
      [canvas.style.width, canvas.style.height] = size.map((one) => one + "px");
      pen.scale(scale, scale);
      const gap = w > 2 && h > 2 ? 1 : 0;
      for (const [section, column, low, top, colour] of spots) {
        const x = col.get(section + "\0" + String(column).padStart(4, "0")), y = row.get(Math.max(low, top)), down = row.get(Math.min(low, top)) - y + 1;
        // A line below and right of each unit, so that white ones are seen.
        pen.fillStyle = "#9aa8b8";
        pen.fillRect(x * w, y * h, w, down * h);
        pen.fillStyle = this.colours[colour];
        pen.fillRect(x * w, y * h, w - gap, down * h - gap);
      }
    },
  },
};
