// A combobox: its options are narrowed here by number, pinyin initials or text, or sought on the server by what is typed.
// Enter takes the first and moves on.
export default {
  props: {
    options: Array, sought: Boolean, value: String, shown: String, empty: String, name: String, inputId: String, disable: Boolean,
    error: String, described: String,
  },
  emits: ["update:value", "seek", "unmatched"],
  data: () => ({ open: false, typed: null, picked: null, offered: [], at: 0, place: {}, waiting: false, entered: null, left: false }),
  watch: {
    value() { this.picked = null; },
    shown() { this.picked = null; },
    options() { this.picked = null; },
  },
  computed: {
    // What was just picked is shown before the server has confirmed it.
    now() { return this.picked?.value ?? this.value ?? ""; },
    label() {
      if (this.sought) return this.picked?.label ?? this.shown ?? "";
      return this.options.find((o) => o.value === this.now)?.label ?? "";
    },
    found() {
      if (this.sought) return this.offered;
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
    none() { return this.waiting ? "正在查找……" : this.sought ? "没有符合的记录，请换个名称或编号" : "没有符合的选项"; },
  },
  template: `
    <div class="sf-choice" :class="{ 'sf-choice-error': error }">
      <input ref="box" :id="inputId" role="combobox" tabindex="0" autocomplete="off" spellcheck="false" :disabled="disable" maxlength="60"
        :aria-label="name" :aria-expanded="String(open)" aria-autocomplete="list" :aria-controls="inputId + '-list'" :placeholder="empty"
        :aria-invalid="String(!!error)" :aria-describedby="described"
        :aria-activedescendant="open && found[at] ? inputId + '-' + at : null"
        :value="typed ?? label" @focus="(e) => e.target.select()" @input="input" @keydown="key" @blur="leave" @mousedown="pressed" />
      <span class="sf-choice-arrow" aria-hidden="true"></span>
      <Teleport to="body">
        <ul v-if="open" :id="inputId + '-list'" class="sf-choice-list" role="listbox" :aria-label="name" :style="place">
          <li v-for="(o, i) in found" :key="o.value" :id="inputId + '-' + i" role="option" :aria-selected="String(i === at)"
            @mousedown.prevent="take(o)" @mousemove="at = i"><kbd v-if="o.number">{{ o.number }}</kbd><span>{{ o.label }}</span></li>
          <li v-if="!found.length" class="sf-choice-none">{{ none }}</li>
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
      const wanted = this.sought ? 200 : Math.min(200, this.options.length * 28);
      if (below >= wanted || below > box.top) this.place.top = box.bottom + 1 + "px";
      else this.place.bottom = window.innerHeight - box.top + 1 + "px";
      this.at = Math.max(0, this.found.findIndex((o) => o.value === this.now));
      this.open = true;
      addEventListener("scroll", this.hide, { capture: true });
      if (this.sought) this.seek();
      this.reveal();
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
      this.offered = found;
      this.at = 0;
      this.waiting = false;
      if (this.entered) this.enter(this.entered.back);
    },
    pressed() { this.open ? this.hide() : this.show(); },
    input(e) {
      this.typed = e.target.value;
      this.entered = null;
      if (!this.open) return this.show();
      this.at = 0;
      if (!this.sought) return;
      // What is shown was found by other words: Enter must not take it.
      this.waiting = true;
      clearTimeout(this.later);
      this.later = setTimeout(this.seek, 220);
    },
    leave() {
      // Enter was pressed and its answer is on the way: it is taken all the same, and the keyboard stays where it went.
      if (this.open && this.entered) return (this.left = true);
      // Leaving with an unambiguous text takes it, as leaving with Tab does in a desktop program; an emptied box chooses nothing.
      if (this.open && this.sought && this.typed === "") this.choose({ value: "", label: "" });
      else if (this.open && !this.sought && this.typed && this.found.length) this.choose(this.found[this.at]);
      else this.tell();
      this.hide();
    },
    // What is no option may be what the page wants to have in words.
    tell() {
      if (this.open && !this.sought && this.typed && !this.found.length) this.$emit("unmatched", this.typed);
    },
    choose(o) {
      if (o.value === this.now) return;
      this.picked = o;
      this.$emit("update:value", o.value);
    },
    take(o) {
      this.choose(o);
      this.hide();
    },
    enter(back) {
      this.entered = null;
      const chosen = this.sought && this.typed === "" ? { value: "", label: "" } : this.found[this.at];
      const left = this.left;
      if (chosen) this.take(chosen);
      else if (this.sought) return left && this.hide();
      else this.leave();
      if (!left) this.$nextTick(() => window.sfNext?.(this.$refs.box, back));
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
      if ((e.key === "ArrowDown" || e.key === "ArrowUp") && !e.ctrlKey) {
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
