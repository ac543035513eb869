// The browser's own slider: its name and its value in words lie on the element that takes the keyboard.
export default {
  props: { label: String, least: Number, step: Number, value: Number, words: Array },
  emits: ["moved", "settled"],
  data() { return { now: this.value }; },
  template: `
    <input class="sf-slide" type="range" :min="least" :max="least + step * (words.length - 1)" :step="step" :value="now" :aria-label="label" :aria-valuetext="words[Math.round((now - least) / step)]"
      @input="now = $event.target.valueAsNumber; $emit('moved', now)" @change="$emit('settled', now)">`,
};
