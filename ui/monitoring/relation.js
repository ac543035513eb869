// Companies and what belongs to whom: boxes from left to right on a wide screen, one below another on a narrow one.
export default {
  props: { views: Array, label: String },
  emits: ["open", "alerts"],
  template: `
    <div class="sf-rel">
      <svg v-for="v in views" :key="v.name" :class="'sf-rel-' + v.name" :viewBox="'0 0 ' + v.width + ' ' + v.height" :width="v.width" :height="v.height" role="group" :aria-label="label">
        <g v-for="e in v.edges" :key="e.key"><path :d="e.path" class="sf-rel-line" /><text v-if="e.share" :x="e.x" :y="e.y" class="sf-rel-share" text-anchor="middle">{{ e.share }}</text></g>
        <g v-for="n in v.nodes" :key="n.id" :class="['sf-rel-node', 'sf-rel-' + n.tone, n.here ? 'sf-rel-here' : '']" :transform="'translate(' + n.x + ' ' + n.y + ')'">
          <g tabindex="0" role="button" :aria-label="n.title" @click="$emit('open', n.id)" @keydown.enter.prevent="$emit('open', n.id)" @keydown.space.prevent="$emit('open', n.id)">
            <title>{{ n.title }}</title>
            <rect :width="n.width" :height="n.height" rx="5" />
            <rect class="sf-rel-side" width="5" :height="n.height" rx="2" />
            <text x="14" y="18" class="sf-rel-kind">{{ n.kind }}</text>
            <text v-for="(part, at) in n.name" :key="at" x="14" :y="36 + at * 17" class="sf-rel-name">{{ part }}</text>
            <text x="14" :y="n.height - 9" class="sf-rel-kind">{{ n.state }}</text>
          </g>
          <g v-if="n.alerts" tabindex="0" role="button" :aria-label="n.alertTitle" class="sf-rel-badge" :transform="'translate(' + (n.width - 62) + ' 7)'" @click="$emit('alerts', n.id)" @keydown.enter.prevent="$emit('alerts', n.id)" @keydown.space.prevent="$emit('alerts', n.id)">
            <title>{{ n.alertTitle }}</title>
            <rect width="56" height="20" rx="10" /><text x="28" y="14" text-anchor="middle">{{ n.alerts }}</text>
          </g>
        </g>
      </svg>
    </div>`,
};
