// Letters for what a page does, J and K through the list of a queue, which has `help`; only while nobody types and no
// dialog asks something.
export default {
  props: { letters: Array, help: Array },
  emits: ["letter"],
  mounted() {
    document.addEventListener("keydown", this.key);
    // Pressed while this page was on its way.
    if (this.help) for (const one of sfEarly.splice(0)) if (performance.now() - one.at < 5000) this.move(one.by);
  },
  unmounted() {
    document.removeEventListener("keydown", this.key);
  },
  methods: {
    key(e) {
      if (e.isComposing || e.defaultPrevented || e.ctrlKey || e.altKey || e.metaKey || !e.key) return;
      if (/^(input|select|textarea)$/i.test(e.target.tagName) || e.target.isContentEditable) return;
      if (document.querySelector(".q-dialog, .q-menu")) return;
      const letter = e.key.toLowerCase();
      if (letter === "enter" && /^(button|a|summary)$/i.test(e.target.tagName)) return;
      if (this.help && (letter === "j" || letter === "k")) this.move(letter === "j" ? 1 : -1);
      else if (this.letters.includes(letter)) this.$emit("letter", letter);
      else return;
      e.preventDefault();
    },
    move(by) {
      this.wanted = [...(this.wanted || []), by];
      if (this.wanted.length === 1) this.walk(performance.now() + 5000);
    },
    // What is pressed before the list is there waits for its rows, which nobody enters meanwhile (sfArrive).
    walk(until) {
      const there = this.rows().length || performance.now() > until;
      this.$el.dataset.walks = there ? "" : "1";
      if (this.$el.isConnected && !there) return setTimeout(() => this.walk(until), 50);
      for (const by of this.wanted.splice(0)) if (this.$el.isConnected) this.step(by);
    },
    rows() {
      const panel = this.$el.closest(".sf-panel") || document;
      return [...panel.querySelectorAll(".sf-review .sf-grid tbody tr[tabindex]")];
    },
    step(by) {
      const panel = this.$el.closest(".sf-panel") || document;
      const rows = this.rows();
      const held = rows.indexOf(document.activeElement?.closest?.("tr"));
      const at = held >= 0 ? held : rows.findIndex((row) => row.getAttribute("aria-selected") === "true");
      const to = at + by;
      if (rows[to]) {
        rows[to].focus();
        rows[to].scrollIntoView({ block: "nearest" });
        rows[to].click();
      } else if (rows.length) {
        const turn = panel.querySelector(by > 0 ? ".sf-page-next" : ".sf-page-back");
        if (turn && !turn.disabled) turn.click();
      }
    },
  },
  template: `<p :class="{ 'sf-review-keys': help }" :hidden="!help"><span v-for="one in help" :key="one[0]"><kbd>{{ one[0] }}</kbd> {{ one[1] }}</span></p>`,
};
