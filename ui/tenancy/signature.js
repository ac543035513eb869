// A pad to sign on with pen, finger or mouse; what was drawn is sent as a small PNG.
export default {
  props: { name: String },
  emits: ["signed"],
  template: `<canvas ref="pad" class="sf-pad-sign" width="420" height="140" role="img" :aria-label="name"></canvas>`,
  mounted() {
    const pad = this.$refs.pad;
    const pen = pad.getContext("2d");
    this.clear();
    let drawing = false;
    const at = (e) => {
      const box = pad.getBoundingClientRect();
      return [((e.clientX - box.left) * pad.width) / box.width, ((e.clientY - box.top) * pad.height) / box.height];
    };
    pad.addEventListener("pointerdown", (e) => {
      drawing = true;
      pad.setPointerCapture(e.pointerId);
      pen.beginPath();
      pen.moveTo(...at(e));
    });
    pad.addEventListener("pointermove", (e) => {
      if (!drawing) return;
      pen.lineTo(...at(e));
      pen.stroke();
    });
    pad.addEventListener("pointerup", () => {
      if (!drawing) return;
      drawing = false;
      this.$emit("signed", pad.toDataURL("image/png"));
    });
  },
  methods: {
    clear() {
      const pad = this.$refs.pad;
      const pen = pad.getContext("2d");
      pen.fillStyle = "#fff";
      pen.fillRect(0, 0, pad.width, pad.height);
      pen.strokeStyle = "#111";
      pen.lineWidth = 2.4;
      pen.lineCap = pen.lineJoin = "round";
    },
  },
};
