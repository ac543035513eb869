// The part of the manual about a list that has nothing to show, fetched when it is wanted.
export default {
  props: { module: String },
  data: () => ({ html: "" }),
  async mounted() {
    const answer = await fetch(`/manual/about/${encodeURIComponent(this.module)}`).catch(() => null);
    if (answer?.ok) this.html = await answer.text();
  },
  template: `<div v-if="html" class="sf-manual sf-about-list" role="note" aria-label="怎样办理" v-html="html"></div>`,
};
