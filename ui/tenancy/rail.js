// The steps on the left; page keys and Alt with the arrows turn them, Escape leaves the form.
export default {
  props: { steps: Array, current: String },
  emits: ["go", "turn", "leave"],
  template: `
    <nav class="sf-rail" aria-label="办理步骤">
      <ol>
        <li v-for="(s, i) in steps" :key="s.key" :class="['sf-rail-' + s.state, { 'sf-rail-now': s.key === current }]">
          <button type="button" tabindex="-1" :aria-current="s.key === current ? 'step' : null" @click="$emit('go', s.key)">
            <b aria-hidden="true">{{ s.state === 'done' ? '✓' : s.state === 'wrong' ? '!' : i + 1 }}</b><span>{{ s.title }}</span>
            <small>{{ s.state === 'done' ? '已完成' : s.state === 'wrong' ? '有误' : '' }}</small>
          </button>
        </li>
      </ol>
    </nav>`,
  methods: {
    key(e) {
      if (e.isComposing || e.keyCode === 229 || !this.$el.offsetParent) return;
      if (document.querySelector(".q-dialog, .sf-choice-list, .q-menu")) return;
      const by = { PageDown: 1, PageUp: -1 }[e.key] ?? (e.altKey && { ArrowRight: 1, ArrowLeft: -1 }[e.key]);
      if (by) {
        e.preventDefault();
        e.stopPropagation();
        this.$emit("turn", by);
      } else if (e.key === "Escape") {
        e.preventDefault();
        this.$emit("leave");
      }
    },
  },
  mounted() { document.addEventListener("keydown", this.key, true); },
  beforeUnmount() { document.removeEventListener("keydown", this.key, true); },
};
