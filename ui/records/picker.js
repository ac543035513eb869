// A record chosen by a part of its name or number: what is typed is sought on the server, Enter takes the first found.
export default {
  props: { value: String, shown: String, name: String, inputId: String, disable: Boolean, error: String, empty: String },
  emits: ["update:value", "seek"],
  data: () => ({ open: false, typed: null, picked: null, found: [], at: 0, place: {}, waiting: false, entered: null, left: false }),
  watch: {
    value() { this.picked = null; },
    shown() { this.picked = null; },
  },
  computed: {
    label() { return this.picked ? this.picked.label : this.shown || ""; },
  },
  template: `
    <div class="sf-choice" :class="{ 'sf-choice-error': error }">
      <input ref="box" :id="inputId" role="combobox" autocomplete="off" spellcheck="false" :disabled="disable" maxlength="60"
        :aria-label="name" :aria-expanded="String(open)" aria-autocomplete="list" :aria-controls="inputId + '-list'" :placeholder="empty"
        :aria-invalid="String(!!error)" :aria-activedescendant="open && found[at] ? inputId + '-' + at : null"
        :value="typed ?? label" @focus="(e) => e.target.select()" @input="input" @keydown="key" @blur="leave" @mousedown="pressed" />
      <span class="sf-choice-arrow" aria-hidden="true"></span>
      <Teleport to="body">
        <ul v-if="open" :id="inputId + '-list'" class="sf-choice-list" role="listbox" :aria-label="name" :style="place">
          <li v-for="(o, i) in found" :key="o.value" :id="inputId + '-' + i" role="option" :aria-selected="String(i === at)"
            @mousedown.prevent="take(o)" @mousemove="at = i"><span>{{ o.label }}</span></li>
          <li v-if="!found.length" class="sf-choice-none">{{ waiting ? "正在查找……" : "没有符合的记录，请换个名称或编号" }}</li>
        </ul>
      </Teleport>
    </div>`,
  methods: {
    show() {
      if (this.disable || this.open) return;
      const box = this.$refs.box.getBoundingClientRect();
      const below = innerHeight - box.bottom;
      this.place = { left: box.left + "px", minWidth: box.width + "px", maxHeight: Math.min(280, Math.max(below, box.top) - 8) + "px" };
      if (below >= 200 || below > box.top) this.place.top = box.bottom + 1 + "px";
      else this.place.bottom = innerHeight - box.top + 1 + "px";
      this.open = true;
      addEventListener("scroll", this.hide, { capture: true });
      this.seek();
    },
    hide(e) {
      if (e && e.target instanceof Element && e.target.classList.contains("sf-choice-list")) return;
      this.open = false;
      this.typed = null;
      this.entered = null;
      this.left = false;
      removeEventListener("scroll", this.hide, { capture: true });
    },
    seek() {
      this.waiting = true;
      this.$emit("seek", this.typed ?? "");
    },
    offer(found, text) {
      // An answer to what was typed before is not shown any more.
      if (text !== (this.typed ?? "")) return;
      this.found = found;
      this.at = 0;
      this.waiting = false;
      if (this.entered) this.enter(this.entered.back);
    },
    pressed() { this.open ? this.hide() : this.show(); },
    input(e) {
      this.typed = e.target.value;
      this.entered = null;
      if (!this.open) return this.show();
      // What is shown was found by other words: Enter must not take it.
      this.waiting = true;
      clearTimeout(this.later);
      this.later = setTimeout(this.seek, 220);
    },
    leave() {
      // Enter was pressed and its answer is on the way: it is taken all the same, and the keyboard stays where it went.
      if (this.open && this.entered) return (this.left = true);
      if (this.open && this.typed === "") this.choose({ value: "", label: "" });
      this.hide();
    },
    choose(o) {
      if (o.value === (this.picked ? this.picked.value : this.value || "")) return;
      this.picked = o;
      this.$emit("update:value", o.value);
    },
    take(o) {
      this.choose(o);
      this.hide();
    },
    enter(back) {
      this.entered = null;
      const chosen = this.typed === "" ? { value: "", label: "" } : this.found[this.at];
      const left = this.left;
      if (!chosen) return left && this.hide();
      this.take(chosen);
      if (!left) this.$nextTick(() => window.sfNext?.(this.$refs.box, back));
    },
    move(by) {
      if (!this.open) return this.show();
      this.at = (this.at + by + this.found.length) % this.found.length || 0;
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
        // Whoever is quicker than the answer has it taken when it comes.
        if (this.waiting) this.entered = { back: e.shiftKey };
        else this.enter(e.shiftKey);
      }
    },
  },
  beforeUnmount() {
    clearTimeout(this.later);
    removeEventListener("scroll", this.hide, { capture: true });
  },
};
