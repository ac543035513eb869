// Unit works on the left, planned buildings on the right: a unit is dragged onto a building, or both are chosen by key.
export default {
  props: { units: Array, buildings: Array, editable: Boolean },
  emits: ["tie", "cut", "share"],
  data: () => ({ picked: null, over: null, text: "" }),
  computed: {
    unitsShown() { return this.units.filter((u) => this.fits(u.no + u.name + u.permit)); },
    buildingsShown() { return this.buildings.filter((b) => this.fits(b.no + b.use + b.permit)); },
  },
  template: `
    <div class="sf-ties">
      <label class="sf-ties-find"><span>查找</span><input v-model="text" type="search" autocomplete="off" placeholder="编号、名称或证号" /></label>
      <p class="sf-help" v-if="editable">把左边的单位工程拖到右边的规划建筑物上；或先选单位工程（回车），再选规划建筑物（回车）。点击份额可修改，点×解除。</p>
      <div class="sf-ties-sides">
        <section :aria-label="'单位工程，共' + units.length + '个'">
          <h3>单位工程 <small>{{ units.length }} 个，未关联 {{ units.filter((u) => !u.ties.length).length }} 个</small></h3>
          <ul>
            <li v-for="u in unitsShown" :key="u.id" :class="{ 'sf-tie-none': !u.ties.length, 'sf-tie-picked': picked === u.id }" :draggable="editable && !u.locked"
              :tabindex="editable && !u.locked ? 0 : null" @dragstart="drag($event, u)" @click="pick(u)" @keydown.enter.self="pick(u)" @keydown.space.self.prevent="pick(u)">
              <strong>{{ u.no }}</strong> <span>{{ u.name }}</span> <small>{{ u.floors }}　{{ u.gfa }}㎡</small>
              <span v-if="u.locked" class="sf-badge sf-muted" title="已关联楼盘表，不能再改变">已锁定</span>
              <span class="sf-tie-chips">
                <span v-for="t in u.ties" :key="t.id" class="sf-tie-chip">{{ t.no }}
                  <button type="button" :disabled="!editable || u.locked" :aria-label="'修改' + u.no + '与' + t.no + '的份额'" @click.stop="$emit('share', t)">{{ t.ratio }}</button>
                  <button v-if="editable && !u.locked" type="button" :aria-label="'解除' + u.no + '与' + t.no + '的关联'" @click.stop="$emit('cut', t)">×</button>
                </span>
              </span>
              <small v-for="d in u.differs" :key="d" class="sf-tie-differs">{{ d }}</small>
            </li>
            <li v-if="!unitsShown.length" class="sf-help">没有生效的单位工程</li>
          </ul>
        </section>
        <section :aria-label="'规划建筑物，共' + buildings.length + '幢'">
          <h3>规划建筑物 <small>{{ buildings.length }} 幢，未关联 {{ buildings.filter((b) => b.share === "0").length }} 幢</small></h3>
          <ul>
            <li v-for="b in buildingsShown" :key="b.id" :class="{ 'sf-tie-none': b.share === '0', 'sf-tie-over': over === b.id }" :tabindex="editable && picked ? 0 : null"
              @dragover.prevent="over = b.id" @dragleave="over = null" @drop.prevent="drop($event, b)" @click="join(b)" @keydown.enter.self="join(b)">
              <strong>{{ b.no }}</strong> <span>{{ b.use }}</span> <small>{{ b.floors }}　{{ b.gfa }}㎡　{{ b.permit }}</small>
              <span class="sf-badge" :class="b.share === '1' ? 'sf-good' : b.share === '0' ? 'sf-warn' : 'sf-info'">{{ b.share === "0" ? "未关联" : "已关联份额 " + b.share }}</span>
            </li>
            <li v-if="!buildingsShown.length" class="sf-help">没有生效的规划建筑物</li>
          </ul>
        </section>
      </div>
    </div>`,
  methods: {
    fits(text) { return !this.text.trim() || text.toLowerCase().includes(this.text.trim().toLowerCase()); },
    pick(u) { if (this.editable && !u.locked) this.picked = this.picked === u.id ? null : u.id; },
    drag(e, u) { e.dataTransfer.setData("text/plain", u.id); e.dataTransfer.effectAllowed = "link"; },
    drop(e, b) {
      this.over = null;
      this.send(e.dataTransfer.getData("text/plain"), b);
    },
    join(b) { if (this.picked) this.send(this.picked, b); },
    send(unit, b) {
      this.picked = null;
      if (this.editable && this.units.some((u) => u.id === unit)) this.$emit("tie", { unit, building: b.id });
    },
  },
};
