// What needs what: boxes from left to right, lines from what is needed; a box that waits says for what.
export default {
  props: { nodes: Array, edges: Array, width: Number, height: Number, label: String },
  emits: ["open"],
  template: `
    <div class="sf-needs">
      <svg :viewBox="'0 0 ' + width + ' ' + height" :width="width" :height="height" role="group" :aria-label="label">
        <defs><marker id="sf-arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z" /></marker></defs>
        <path v-for="e in edges" :key="e.key" :d="e.path" :class="['sf-need', e.met ? 'sf-need-met' : 'sf-need-open']" marker-end="url(#sf-arrow)"><title>{{ e.title }}</title></path>
        <g v-for="n in nodes" :key="n.kind" :class="['sf-node', 'sf-node-' + n.tone]" :transform="'translate(' + n.x + ' ' + n.y + ')'" :tabindex="n.opens ? 0 : null"
          :role="n.opens ? 'button' : null" :aria-label="n.title" @click="n.opens && $emit('open', n.kind)" @keydown.enter.prevent="n.opens && $emit('open', n.kind)" @keydown.space.prevent="n.opens && $emit('open', n.kind)">
          <title>{{ n.title }}</title>
          <rect :width="n.width" :height="n.height" rx="5" />
          <text x="10" y="19" class="sf-node-name">{{ n.label }}</text>
          <text x="10" y="36" class="sf-node-state">{{ n.state }}</text>
        </g>
      </svg>
    </div>`,
};
