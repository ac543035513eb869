// The city map: projects by stage and alert over outlines of districts, in zone 40, without tiles. The list beside it
// gives the same by keyboard, and remains where the browser shows no map.
import { outlineMap } from "shenfang-outline";

export default {
  props: { label: String, projects: Array, parcels: Array, districts: Array, stages: Array, grades: Array, opens: Array, note: String, way: String },
  emits: ["open", "area"],
  template: `
    <div class="sf-city">
      <div class="sf-city-filters">
        <div role="group" aria-label="按阶段筛选"><button v-for="s in stages" :key="s.key" type="button" :aria-pressed="stage === s.key ? 'true' : 'false'" @click="stage = stage === s.key ? '' : s.key"><i :style="{ background: s.colour }" aria-hidden="true"></i>{{ s.label }} {{ count('stage', s.key) }}</button></div>
        <div role="group" aria-label="按预警筛选"><button v-for="g in grades" :key="g.key" type="button" :aria-pressed="grade === g.key ? 'true' : 'false'" @click="grade = grade === g.key ? '' : g.key">{{ g.mark }} {{ g.label }} {{ count('grade', g.key) }}</button></div>
        <button v-if="parcels.length" type="button" :aria-pressed="bare ? 'true' : 'false'" @click="bare = !bare">未立项地块 {{ parcels.length }}</button>
        <button type="button" :disabled="!!absent" @click="map?.fitBox(opens)">全市</button>
        <button type="button" :disabled="!!absent" :aria-pressed="drawing ? 'true' : 'false'" @click="outline(!drawing)">圈定分析</button>
      </div>
      <p v-if="absent" class="sf-outline-absent" role="note">不能显示地图：{{ absent }}。请使用下方列表。</p>
      <div v-show="!absent" ref="map" class="sf-outline-map sf-city-map" tabindex="0" role="application" @keydown.esc="drawing && outline(false)" :aria-label="label + '。方向键平移，加减号缩放；右侧列表给出同样的内容'"></div>
      <div class="sf-city-list">
        <p class="sf-outline-said" role="status" aria-live="polite">{{ said || note }}</p>
        <ul :aria-label="label"><li v-for="p in shown" :key="p.id"><button type="button" :aria-current="here === p.id ? 'true' : null" :data-project="p.id" @click="reach(p)" @dblclick="$emit('open', p.id)" @keydown.enter.prevent="here === p.id ? $emit('open', p.id) : reach(p)">
          <i :style="{ background: p.colour }" aria-hidden="true"></i><b>{{ p.name }}</b><span>{{ p.district }}　{{ p.stageLabel }}　{{ p.area }}㎡</span><em v-if="p.grade" :class="'sf-city-' + p.gradeTone">{{ p.mark }} {{ p.gradeLabel }}（{{ p.alerts }}）</em></button>
          <button v-if="here === p.id" type="button" @click="$emit('open', p.id)">{{ way }}</button></li>
          <li v-if="!shown.length">没有符合条件的项目</li></ul>
        <details v-if="parcels.length" class="sf-city-bare"><summary>未立项地块 {{ parcels.length }}（尚无红线，虚线圈为所在板块或区的中部）</summary><ul aria-label="未立项地块"><li v-for="p in parcels" :key="p.no"><button type="button" :aria-current="here === p.no ? 'true' : null" @click="reachParcel(p)"><b>{{ p.name }}</b> {{ p.no }}<span>{{ p.told }}</span></button></li></ul></details>
      </div>
    </div>`,
  data: () => ({ stage: "", grade: "", here: "", said: "", absent: "", drawing: false, bare: true }),
  computed: {
    shown() { return this.projects.filter((p) => (!this.stage || p.stage === this.stage) && (!this.grade || p.grade === this.grade)); },
  },
  watch: {
    bare() {
      this.draw();
      this.said = this.bare ? `显示${this.parcels.length}个未立项地块` : "不显示未立项地块";
    },
    shown() {
      this.draw();
      this.said = `显示${this.shown.length}个项目`;
    },
  },
  async mounted() {
    try {
      this.map = await outlineMap(this.$refs.map, { opens: this.opens, editable: false, draws: ["area"], said: (words, on) => { this.drawing &&= !!on; this.said = words; }, drawn: (ring) => this.drawn(ring), picked: (id) => !this.drawing && this.reach(this.projects.find((p) => p.id === id), false) });
    } catch (problem) {
      this.absent = problem.message?.slice(0, 80) || "地图没有载入";
      return;
    }
    if (!this.$el.isConnected) return this.map.dispose();
    this.$refs.map.outline = this.map;
    this.draw();
  },
  beforeUnmount() { this.map?.dispose(); },
  methods: {
    count(by, key) { return this.projects.filter((p) => p[by] === key).length; },
    draw() {
      const kind = (p) => ({ kind: "project", name: p.name, tone: p.colour, id: p.id, mark: p.mark, polygons: p.polygons, here: p.id === this.here, centre: p.centre });
      this.map?.showAround([...this.districts, ...(this.bare ? this.bareOnes() : []), ...this.shown.map(kind)]);
    },
    // Parcels without a project, those of one plate or district as one sign.
    bareOnes() {
      const signs = new Map();
      for (const p of this.parcels) {
        if (!p.centre) continue;
        const key = p.centre.join();
        const sign = signs.get(key) ?? { kind: "parcels", polygons: [], centre: p.centre, count: 0, here: false };
        sign.count += 1;
        sign.here ||= p.no === this.here;
        signs.set(key, sign);
      }
      return [...signs.values()].map((sign) => ({ ...sign, name: String(sign.count) }));
    },
    reachParcel(p) {
      this.here = p.no;
      this.bare = true;
      this.said = `选中未立项地块${p.name}，${p.told.replaceAll("　", "，")}。${p.centre ? `图上为${p.within}的中部，不是地块位置` : "图上不显示"}`;
      this.draw();
      if (p.centre) this.map?.go(...p.centre, 20);
    },
    // A polygon over the map: what lies in it is analysed on a page of its own.
    outline(on) {
      this.drawing = on;
      this.map?.use(on ? "area" : "");
      this.said = on ? "在地图上单击加点，双击结束；键盘用方向键移动十字（加Shift微调），空格加点，回车结束；退格撤销上一点，Esc取消" : "已取消";
      if (on) this.$refs.map.focus();
    },
    drawn(ring) {
      this.drawing = false;
      this.$emit("area", ring);
    },
    reach(p, move = true) {
      if (!p) return;
      this.here = p.id;
      this.said = `选中${p.name}，${p.district}，${p.stageLabel}${p.grade ? `，${p.gradeLabel}预警${p.alerts}条` : ""}。再按回车打开项目总览`;
      this.draw();
      if (move) this.map?.go(...p.centre, 1.2);
      else this.$nextTick(() => this.$el.querySelector(`[data-project="${p.id}"]`)?.focus());
    },
  },
};
