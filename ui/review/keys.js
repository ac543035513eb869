// J and K through the list, letters for decisions; only while nobody types and no dialog asks something.
export default {
  props: { letters: Array, help: Array },
  emits: ["letter"],
  mounted() {
    document.addEventListener("keydown", this.key);
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
      if (letter === "j" || letter === "k") this.move(letter === "j" ? 1 : -1);
      else if (this.letters.includes(letter)) this.$emit("letter", letter);
      else return;
      e.preventDefault();
    },
    move(by) {
      const panel = this.$el.closest(".sf-panel") || document;
      const rows = [...panel.querySelectorAll(".sf-review .sf-grid tbody tr[tabindex]")];
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
  template: `<p class="sf-review-keys"><span v-for="one in help" :key="one[0]"><kbd>{{ one[0] }}</kbd> {{ one[1] }}</span></p>`,
};
