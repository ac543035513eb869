// The modules by group, on the left; one component, for every element of the page is drawn anew with each answer.
export default {
  props: { groups: Array },
  emits: ["open"],
  template: `
    <div>
      <details v-for="g in groups" :key="g.label" open>
        <summary><q-icon :name="g.icon" aria-hidden="true" /><span>{{ g.label }}</span></summary>
        <button v-for="m in g.members" :key="m.key" type="button" @click="$emit('open', m.key)">
          <q-icon :name="m.icon" aria-hidden="true" /><span>{{ m.title }}</span>
        </button>
      </details>
    </div>`,
};
