// The part of the manual about a list with little or nothing to show, fetched when it is wanted; put away for good by its reader.
export default {
  props: { module: String },
  data() { return { html: "", away: localStorage.getItem(`sf-about-${this.module}`) === "away" }; },
  async mounted() {
    const answer = await fetch(`/manual/about/${encodeURIComponent(this.module)}`).catch(() => null);
    if (answer?.ok) this.html = await answer.text();
  },
  methods: {
    turn() {
      this.away = !this.away;
      localStorage.setItem(`sf-about-${this.module}`, this.away ? "away" : "");
    },
  },
  template: `
    <section v-if="html" class="sf-about-list" aria-label="怎样办理">
      <div class="sf-about-head"><strong>怎样办理</strong><button type="button" class="sf-link" :aria-expanded="String(!away)" @click="turn">{{ away ? "展开" : "收起" }}</button></div>
      <div v-if="!away" class="sf-manual" v-html="html"></div>
    </section>`,
};
