// A combobox with a list of its own: filtered by number, pinyin initials or text; Enter takes the first and moves on.
export default {
  props: { options: Array, value: String, name: String, inputId: String, disable: Boolean, error: String, described: String },
  emits: ["update:value"],
  data: () => ({ open: false, typed: null, picked: null, at: 0, place: {} }),
  watch: {
    value() { this.picked = null; },
    options() { this.picked = null; },
  },
  computed: {
    // What was just picked is shown before the server has confirmed it.
    now() { return this.picked ?? this.value ?? ""; },
    label() {
      return this.options.find((o) => o.value === this.now)?.label ?? "";
    },
    found() {
      const text = (this.typed ?? "").trim().toLowerCase();
      if (!text) return this.options;
      const rank = (o) => {
        if (o.number === text || o.value.toLowerCase() === text) return 0;
        if (o.label.toLowerCase().startsWith(text)) return 1;
        if (o.keys.split(" ").some((k) => k.startsWith(text))) return 2;
        if (o.label.toLowerCase().includes(text) || o.keys.split(" ")[2]?.includes(text)) return 3;
        return 9;
      };
      return this.options.map((o) => [rank(o), o]).filter(([r]) => r < 9).sort((a, b) => a[0] - b[0]).map(([, o]) => o);
    },
  },
  template: `
    <div class="sf-choice" :class="{ 'sf-choice-error': error }">
      <input ref="box" :id="inputId" role="combobox" autocomplete="off" spellcheck="false" :disabled="disable"
        :aria-label="name" :aria-expanded="String(open)" aria-autocomplete="list" :aria-controls="inputId + '-list'"
        :aria-invalid="String(!!error)" :aria-describedby="described"
        :aria-activedescendant="open && found[at] ? inputId + '-' + at : null"
        :value="typed ?? label" @focus="focused" @input="input" @keydown="key" @blur="leave" @mousedown="pressed" />
      <span class="sf-choice-arrow" aria-hidden="true"></span>
      <Teleport to="body">
        <ul v-if="open" :id="inputId + '-list'" class="sf-choice-list" role="listbox" :aria-label="name" :style="place">
          <li v-for="(o, i) in found" :key="o.value" :id="inputId + '-' + i" role="option" :aria-selected="String(i === at)"
            @mousedown.prevent="take(o)" @mousemove="at = i"><kbd v-if="o.number">{{ o.number }}</kbd><span>{{ o.label }}</span></li>
          <li v-if="!found.length" class="sf-choice-none">没有符合的选项</li>
        </ul>
      </Teleport>
    </div>`,
  methods: {
    show() {
      if (this.disable || this.open) return;
      const box = this.$refs.box.getBoundingClientRect();
      const below = window.innerHeight - box.bottom;
      const height = Math.min(280, Math.max(below, box.top) - 8);
      this.place = { left: box.left + "px", minWidth: box.width + "px", maxHeight: height + "px" };
      if (below >= Math.min(200, this.options.length * 28) || below > box.top) this.place.top = box.bottom + 1 + "px";
      else this.place.bottom = window.innerHeight - box.top + 1 + "px";
      this.at = Math.max(0, this.found.findIndex((o) => o.value === this.now));
      this.open = true;
      addEventListener("scroll", this.hide, { capture: true, once: false });
      this.reveal();
    },
    hide(e) {
      if (e && e.target instanceof Element && e.target.classList.contains("sf-choice-list")) return;
      this.open = false;
      this.typed = null;
      removeEventListener("scroll", this.hide, { capture: true });
    },
    focused(e) { e.target.select(); },
    pressed() { this.open ? this.hide() : this.show(); },
    input(e) {
      this.typed = e.target.value;
      this.show();
      this.at = 0;
    },
    leave() {
      // Leaving with an unambiguous text takes it, as leaving with Tab does in a desktop program.
      if (this.open && this.typed && this.found.length) this.choose(this.found[this.at]);
      this.hide();
    },
    choose(o) {
      if (o.value === this.now) return;
      this.picked = o.value;
      this.$emit("update:value", o.value);
    },
    take(o) {
      this.choose(o);
      this.hide();
    },
    move(by) {
      if (!this.open) return this.show();
      this.at = (this.at + by + this.found.length) % this.found.length || 0;
      this.reveal();
    },
    reveal() {
      this.$nextTick(() => document.getElementById(this.inputId + "-" + this.at)?.scrollIntoView({ block: "nearest" }));
    },
    key(e) {
      if (e.isComposing || e.keyCode === 229) return;
      if (e.key === "ArrowDown" || e.key === "ArrowUp") {
        e.preventDefault();
        this.move(e.key === "ArrowDown" ? 1 : -1);
      } else if (e.key === "Escape" && this.open) {
        e.stopPropagation();
        this.hide();
      } else if (e.key === "Enter" && this.open) {
        e.preventDefault();
        e.stopPropagation();
        if (this.found[this.at]) this.take(this.found[this.at]);
        this.$nextTick(() => window.sfNext?.(this.$refs.box, e.shiftKey));
      }
    },
  },
  beforeUnmount() { removeEventListener("scroll", this.hide, { capture: true }); },
};
