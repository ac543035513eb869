// A home drawn from its tiles: figures, lines, bars, days, ages, a map. Each list is one tab stop; arrows move in it, Enter opens.
const STAGES = { S0: "--s0", S1: "--s1", S2: "--s2", S3: "--s3", S4: "--s4", S4r: "--s5", S5: "--s5" };

export default {
  props: { rows: Array, label: String, outlines: Object },
  emits: ["open"],
  data: () => ({ measure: {}, lit: "" }),
  methods: {
    open(figure) {
      if (figure && figure.id !== undefined) this.$emit("open", figure.id);
    },
    shown(panel) {
      return panel.choices[Math.min(this.measure[panel.key] ?? 0, panel.choices.length - 1)];
    },
    // One tab stop a list: the arrows go to the next thing that can be opened, Home and End to the first and last.
    move(event) {
      const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
      const edge = { Home: 0, End: -1 }[event.key];
      if ((step === undefined && edge === undefined) || event.ctrlKey || event.altKey) return;
      const all = [...event.currentTarget.querySelectorAll("button[data-go]")];
      const at = all.indexOf(document.activeElement);
      if (at < 0) return;
      event.preventDefault();
      const next = edge !== undefined ? all.at(edge) : all[Math.min(all.length - 1, Math.max(0, at + step))];
      all[at].tabIndex = -1;
      next.tabIndex = 0;
      next.focus();
    },
    stops() {
      this.$el.querySelectorAll("[data-list]").forEach((list) => {
        const all = [...list.querySelectorAll("button[data-go]")];
        if (all.length && !all.some((one) => one.tabIndex === 0)) all[0].tabIndex = 0;
      });
    },
    choose(panel, n) {
      this.measure = { ...this.measure, [panel.key]: n };
    },
    press(event, panel) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      const count = panel.choices.length, group = event.currentTarget;
      this.choose(panel, ((this.measure[panel.key] ?? 0) + step + count) % count);
      this.$nextTick(() => group.querySelector("[aria-checked=true]").focus());
    },
    tone(choice, entry) {
      const n = entry.figure?.value ?? 0;
      return (choice.bad ? "w" : "q") + (1 + choice.bounds.filter((bound) => n >= bound).length);
    },
    band(choice, n) {
      const b = choice.bounds.map((one) => one.toLocaleString("zh-CN"));
      return n === 0 ? `< ${b[0]}` : n === b.length ? `≥ ${b[n - 1]}` : `${b[n - 1]}–${b[n]}`;
    },
    top(panel) {
      const most = Math.max(1, ...panel.choices[0].entries.flatMap((one) => [one.figure.value, one.before ?? 0]));
      const power = 10 ** Math.floor(Math.log10(most));
      // Half of it is written too, and there is no half case.
      return [1, 2, 4, 5, 6, 10].map((one) => one * power).find((one) => one >= most && one % 2 === 0);
    },
    rates(panel) {
      return panel.choices[0].entries.some((one) => one.rate !== null);
    },
    rateTop(panel) {
      const most = Math.max(1, ...panel.choices[0].entries.map((one) => one.rate ?? 0));
      return Math.ceil(most / 5) * 5;
    },
    line(panel) {
      const all = panel.choices[0].entries;
      const top = this.rateTop(panel);
      return all.map((one, n) => (one.rate === null ? null : `${((n + 0.5) / all.length) * 100},${100 - (one.rate / top) * 100}`)).filter(Boolean).join(" ");
    },
    steps(panel, before) {
      const all = panel.choices[0].entries;
      const top = this.top(panel);
      return all.flatMap((one, n) => [n / all.length, (n + 1) / all.length].map((x) => `${x * 100},${100 - ((one.before ?? 0) / top) * 100}`)).join(" ");
    },
    compares(choice) {
      return choice.entries.some((one) => one.beside);
    },
    every(panel) {
      return panel.choices[0].entries.length > 16 ? 3 : 1;
    },
    heat(entry, n) {
      // The last two ages of open work are warm, and only where there is some.
      return entry.cells[n].value ? ["", "", "sf-h1", "sf-h2", "sf-h3"][n] ?? "" : "sf-none";
    },
    colour(entry) {
      return `background: var(${STAGES[entry.place] ?? "--mark"})`;
    },
    words(panel, entry) {
      const parts = [entry.label, entry.figure.text + (entry.figure.unit ?? "")];
      if (entry.before !== null) parts.push(`${panel.head[1]} ${entry.before.toLocaleString("zh-CN")}`);
      if (entry.rate !== null) parts.push(`${panel.head[1]} ${entry.rate}%`);
      return parts.join("，");
    },
  },
  mounted() {
    this.stops();
  },
  updated() {
    this.stops();
  },
  template: `
    <div class="sf-home" role="group" :aria-label="label">
      <div v-for="(row, r) in rows" :key="r" class="sf-home-row" :style="{ '--widths': row.map((one) => 'minmax(0, ' + one.width + 'fr)').join(' ') }">
        <div v-for="(column, c) in row" :key="c" class="sf-home-column">
          <template v-for="panel in column.panels" :key="panel.key">
            <section v-if="panel.shape === 'begin'" class="sf-begin-box" :aria-label="panel.title">
              <button type="button" class="sf-begin" @click="open(panel.choices[0].entries[0].figure)"><i class="q-icon notranslate material-icons" aria-hidden="true">support_agent</i>
                <span><strong>{{ panel.choices[0].entries[0].label }}</strong><small>{{ panel.choices[0].entries[0].under }}</small></span><kbd>{{ panel.choices[0].entries[0].act }}</kbd></button>
              <div class="sf-begin-beside"><span class="sf-home-muted">{{ panel.choices[0].entries[0].beside }}</span>
                <div class="sf-begin-acts"><button v-for="one in panel.choices[0].entries[0].cells" :key="one.label" type="button" class="sf-mini" @click="open(one)">{{ one.label }}</button></div></div>
            </section>
            <ul v-else-if="panel.shape === 'band'" class="sf-band" :aria-label="panel.title" data-list @keydown="move">
              <li v-for="one in panel.choices[0].entries" :key="one.label"><component :is="one.figure.id === undefined ? 'div' : 'button'" class="sf-band-figure" :type="one.figure.id === undefined ? null : 'button'"
                :data-go="one.figure.id" :tabindex="one.figure.id === undefined ? null : -1" @click="open(one.figure)"><span class="sf-home-muted">{{ one.label }}</span>
                <strong :class="one.tone ? 'sf-tone-' + one.tone : ''">{{ one.figure.text }}<small>{{ one.figure.unit }}</small></strong><span class="sf-against">{{ one.under }}&#8203;</span></component></li>
            </ul>
            <section v-else class="sf-tile" :class="'sf-tile-' + panel.shape" :aria-label="panel.title">
              <header class="sf-tile-head"><h2>{{ panel.title }}</h2><small>{{ shown(panel).note || panel.note }}</small><span class="sf-push"></span>
                <span v-if="panel.shape === 'trend' && panel.head.length" class="sf-key" aria-hidden="true"><i class="sf-key-bar"></i>{{ panel.head[0] }}
                  <template v-if="panel.head[1]"><i :class="rates(panel) ? 'sf-key-line' : 'sf-key-dash'"></i>{{ panel.head[1] }}</template></span>
                <span v-if="panel.choices.length > 1" class="sf-press" role="radiogroup" :aria-label="panel.title + '，选择指标'" @keydown="press($event, panel)">
                  <button v-for="(one, n) in panel.choices" :key="one.label" type="button" role="radio" :aria-checked="String((measure[panel.key] ?? 0) === n)"
                    :tabindex="(measure[panel.key] ?? 0) === n ? 0 : -1" @click="choose(panel, n)">{{ one.label }}</button></span>
                <button v-if="panel.more && panel.more.id !== undefined" type="button" class="sf-go" @click="open(panel.more)">{{ panel.more.label }} {{ panel.more.text }}</button></header>
              <p v-if="!shown(panel).entries.length" class="sf-tile-empty">{{ panel.empty }}</p>
              <ul v-else-if="panel.shape === 'lines'" class="sf-lines" data-list @keydown="move">
                <li v-for="(one, n) in panel.choices[0].entries" :key="n"><component :is="one.figure.id === undefined ? 'div' : 'button'" class="sf-line-one" :type="one.figure.id === undefined ? null : 'button'"
                  :data-go="one.figure.id" :tabindex="one.figure.id === undefined ? null : -1" @click="open(one.figure)">
                  <span class="sf-two"><b>{{ one.label }}</b><small>{{ one.under }}</small></span>
                  <span v-if="one.share !== null" class="sf-rule" aria-hidden="true"><i :class="'sf-fill-' + (one.chip?.tone || 'info')" :style="{ width: one.share * 100 + '%' }"></i></span>
                  <span v-if="one.chip" class="sf-badge" :class="'sf-' + one.chip.tone">{{ one.chip.text }}</span>
                  <span v-if="one.beside" class="sf-beside">{{ one.beside }}</span><span v-if="one.act && one.figure.id !== undefined" class="sf-act">{{ one.act }}</span></component></li>
              </ul>
              <div v-else-if="panel.shape === 'bars'" data-list @keydown="move"><table class="sf-ranks" :class="compares(panel.choices[0]) ? 'sf-compared' : ''" :aria-label="panel.title"><tbody>
                <tr v-for="(one, n) in panel.choices[0].entries" :key="n"><th scope="row"><button v-if="one.figure.id !== undefined" type="button" class="sf-go" :data-go="one.figure.id" tabindex="-1" @click="open(one.figure)">{{ one.label }}</button><template v-else>{{ one.label }}</template></th>
                  <td class="sf-rule-cell" aria-hidden="true"><span class="sf-rule"><i :class="one.tone === 'bad' ? 'sf-fill-mark-bad' : 'sf-fill-mark'" :style="{ width: one.share * 100 + '%' }"></i></span></td>
                  <td class="sf-num">{{ one.figure.text }}</td><td class="sf-num sf-home-muted">{{ one.beside }}</td></tr></tbody>
                <tfoot v-if="panel.total"><tr><th scope="row">{{ panel.total.label }}</th><td></td><td class="sf-num"><button v-if="panel.total.figure.id !== undefined" type="button" class="sf-go" :data-go="panel.total.figure.id" tabindex="-1" @click="open(panel.total.figure)">{{ panel.total.figure.text }}</button><template v-else>{{ panel.total.figure.text }}</template></td><td class="sf-num">{{ panel.total.beside }}</td></tr></tfoot></table></div>
              <div v-else-if="panel.shape === 'ages'" class="sf-scroll-x" data-list @keydown="move"><table class="sf-ages" :aria-label="panel.title"><thead><tr><th v-for="(one, n) in panel.head" :key="n" scope="col" :class="n && n < panel.head.length - 1 ? 'sf-num' : ''">{{ one }}</th></tr></thead><tbody>
                <tr v-for="(one, n) in panel.choices[0].entries" :key="n"><th scope="row">{{ one.label }}</th>
                  <td v-for="(cell, k) in one.cells" :key="k" class="sf-num" :class="heat(one, k)"><button v-if="cell.id !== undefined" type="button" class="sf-go sf-plain" :data-go="cell.id" tabindex="-1" :aria-label="one.label + '，' + cell.label + '，' + cell.text + '件'" @click="open(cell)">{{ cell.text }}</button><template v-else>{{ cell.text }}</template></td>
                  <td class="sf-num"><button v-if="one.figure.id !== undefined" type="button" class="sf-go" :data-go="one.figure.id" tabindex="-1" @click="open(one.figure)">{{ one.figure.text }}</button><template v-else>{{ one.figure.text }}</template></td><td class="sf-home-muted">{{ one.beside }}</td></tr></tbody>
                <tfoot v-if="panel.total"><tr><th scope="row">{{ panel.total.label }}</th><td v-for="(cell, k) in panel.total.cells" :key="k" class="sf-num">{{ cell.text }}</td><td></td></tr></tfoot></table></div>
              <div v-else-if="panel.shape === 'trend'" class="sf-trend"><div class="sf-trend-axis" aria-hidden="true"><span>{{ top(panel).toLocaleString("zh-CN") }}</span><span>{{ (top(panel) / 2).toLocaleString("zh-CN") }}</span><span>0</span></div>
                <div class="sf-trend-plot" data-list @keydown="move"><button v-for="(one, n) in panel.choices[0].entries" :key="n" type="button" class="sf-trend-bar" :class="one.tone ? 'sf-now' : ''" :data-go="one.figure.id" tabindex="-1"
                    :disabled="one.figure.id === undefined" :title="words(panel, one)" :aria-label="words(panel, one)" @click="open(one.figure)"><i :style="{ height: (one.figure.value / top(panel)) * 100 + '%' }"></i></button>
                  <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true"><polyline v-if="panel.head[1] && !rates(panel)" class="sf-trend-before" :points="steps(panel)" /><polyline v-if="rates(panel)" class="sf-trend-rate" :points="line(panel)" /></svg></div>
                <div v-if="rates(panel)" class="sf-trend-axis sf-trend-right" aria-hidden="true"><span>{{ rateTop(panel) }}%</span><span>{{ rateTop(panel) / 2 }}%</span><span>0</span></div>
                <div class="sf-trend-days" aria-hidden="true"><span v-for="(one, n) in panel.choices[0].entries" :key="n">{{ n % every(panel) ? "" : one.label }}</span></div></div>
              <div v-else-if="panel.shape === 'map'" class="sf-mapped"><div class="sf-drawn"><svg v-if="outlines" class="sf-map" :viewBox="outlines.box" aria-hidden="true">
                  <rect class="sf-inset" :x="outlines.inset[0]" :y="outlines.inset[1]" :width="outlines.inset[2]" :height="outlines.inset[3]" rx="4" /><text class="sf-inset-name" :x="outlines.inset[0] + 6" :y="outlines.inset[1] - 5">中心城区放大</text>
                  <template v-for="one in shown(panel).entries" :key="one.place"><path v-for="(shape, n) in outlines.shapes[one.place]" :key="n" class="sf-place" :class="lit === one.place ? 'sf-lit' : ''" :d="shape.path"
                    :style="{ fill: 'var(--' + tone(shown(panel), one) + ')' }" @click="open(one.figure)" @mouseenter="lit = one.place" @mouseleave="lit = ''" /></template>
                  <template v-for="one in shown(panel).entries" :key="'n' + one.place"><text v-for="(shape, n) in outlines.shapes[one.place].filter((each) => each.named)" :key="n" class="sf-place-name" :x="shape.x" :y="shape.y"
                    :style="{ fill: 'var(--' + tone(shown(panel), one) + 'i)' }"><tspan :x="shape.x">{{ one.label }}</tspan><tspan :x="shape.x" dy="13">{{ one.figure.text }}</tspan></text></template></svg>
                  <ul class="sf-legend" aria-hidden="true"><li v-for="n in 5" :key="n"><i :style="{ background: 'var(--' + (shown(panel).bad ? 'w' : 'q') + n + ')' }"></i>{{ band(shown(panel), n - 1) }}</li></ul></div>
                <div class="sf-map-table" data-list @keydown="move"><table class="sf-ranks" :class="compares(shown(panel)) ? 'sf-compared' : ''" :aria-label="panel.title + '，' + shown(panel).label"><tbody><tr v-for="one in shown(panel).entries" :key="one.place" :class="lit === one.place ? 'sf-lit' : ''" @mouseenter="lit = one.place" @mouseleave="lit = ''">
                  <th scope="row"><button v-if="one.figure.id !== undefined" type="button" class="sf-go" :data-go="one.figure.id" tabindex="-1" @focus="lit = one.place" @click="open(one.figure)">{{ one.label }}</button><template v-else>{{ one.label }}</template></th>
                  <td class="sf-rule-cell" aria-hidden="true"><span class="sf-rule"><i :class="shown(panel).bad ? 'sf-fill-mark-bad' : 'sf-fill-mark'" :style="{ width: one.share * 100 + '%' }"></i></span></td><td class="sf-num">{{ one.figure.text }}</td><td class="sf-num sf-home-muted">{{ one.beside }}</td></tr></tbody></table></div></div>
              <div v-else-if="panel.shape === 'strip'" class="sf-strip"><div class="sf-strip-scale" aria-hidden="true"><i v-for="(one, n) in panel.choices[0].entries.filter((each) => each.share)" :key="n" :style="'flex-grow: ' + one.share + ';' + colour(one)"></i></div>
                <ul data-list @keydown="move"><li v-for="(one, n) in panel.choices[0].entries" :key="n"><component :is="one.figure.id === undefined ? 'div' : 'button'" :type="one.figure.id === undefined ? null : 'button'" :data-go="one.figure.id" :tabindex="one.figure.id === undefined ? null : -1" @click="open(one.figure)">
                  <b><i :style="colour(one)" aria-hidden="true"></i>{{ one.label }}</b><strong>{{ one.figure.text }}</strong><span>{{ one.under }}</span></component></li></ul></div>
              <ul v-else-if="panel.shape === 'gauges'" class="sf-gauges" data-list @keydown="move"><li v-for="(one, n) in panel.choices[0].entries" :key="n"><component :is="one.figure.id === undefined ? 'div' : 'button'" class="sf-gauge" :type="one.figure.id === undefined ? null : 'button'" :data-go="one.figure.id" :tabindex="one.figure.id === undefined ? null : -1" @click="open(one.figure)">
                  <b>{{ one.label }}</b><span v-if="one.chip" class="sf-badge" :class="'sf-' + one.chip.tone">{{ one.chip.text }}</span>
                  <span v-if="one.share !== null" class="sf-rule" aria-hidden="true"><i :class="'sf-fill-' + (one.tone || 'mark')" :style="{ width: one.share * 100 + '%' }"></i></span><small>{{ one.under }}</small></component></li></ul>
              <ul v-else-if="panel.shape === 'portfolio'" class="sf-portfolio" data-list @keydown="move"><li v-for="(one, n) in panel.choices[0].entries" :key="n"><button type="button" class="sf-project" :data-go="one.figure.id" tabindex="-1" @click="open(one.figure)">
                  <span class="sf-two"><b>{{ one.label }}</b><small>{{ one.under }}</small></span>
                  <span class="sf-life-line"><span v-for="(step, k) in one.steps" :key="k" :class="'sf-step-' + step[1]"><i aria-hidden="true">{{ { done: "✓", late: "!" }[step[1]] ?? "" }}</i>{{ step[0] }}</span></span>
                  <span class="sf-two sf-project-due"><b>{{ one.beside }}</b><small v-if="one.chip" class="sf-badge" :class="'sf-' + one.chip.tone">{{ one.chip.text }}</small></span>
                  <span class="sf-lights"><span v-for="cell in one.cells.filter((each) => each.value)" :key="cell.label" class="sf-badge" :class="'sf-' + cell.tone">{{ cell.label }}{{ cell.text }}</span><span v-if="!one.cells.some((each) => each.value)" class="sf-home-muted">无预警</span></span></button></li></ul>
            </section>
          </template>
        </div>
      </div>
    </div>`,
};
