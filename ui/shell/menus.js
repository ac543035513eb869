// The menus of the menu bar; one component, because the server keeps every element of every open page.
export default {
  props: { groups: Array, more: Array },
  emits: ["choose"],
  methods: {
    choose(one) { one.script ? window[one.script]() : this.$emit("choose", one.key); },
  },
  template: `
    <nav class="sf-menus" aria-label="主菜单">
      <q-btn v-for="m in [...groups, ...more]" :key="m.label" :label="m.label" flat dense no-caps
        :data-alt="m.letter.toLowerCase()" aria-haspopup="menu" :aria-keyshortcuts="'Alt+' + m.letter">
        <span class="sf-menu-letter" aria-hidden="true">{{ m.letter }}</span>
        <q-menu class="sf-menu" auto-close>
          <q-item v-for="one in m.members" :key="one.key" clickable role="menuitem" @click="choose(one)"><q-item-section>{{ one.title }}</q-item-section></q-item>
        </q-menu>
      </q-btn>
    </nav>`,
};
