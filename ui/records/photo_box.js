// Photos of a slot: taken or chosen, several at once, sent in parts; a broken connection is waited for, then the upload goes on.
const PART = 512 * 1024, AT_ONCE = 2, PATIENCE = 60000;
const hash = (text) => {
  // Two 32-bit FNV-1a hashes: a key for this very file, the same when it is chosen again.
  let one = 0x811c9dc5, two = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    one = Math.imul(one ^ text.charCodeAt(i), 0x01000193);
    two = Math.imul(two ^ (text.charCodeAt(i) + i), 0x811c9dc5);
  }
  return [one, two].map((part) => (part >>> 0).toString(16).padStart(8, "0")).join("");
};
export default {
  props: { address: String, label: String, largest: Number },
  emits: ["kept"],
  data: () => ({ files: [], over: false, sending: 0 }),
  computed: {
    told() {
      const count = (state) => this.files.filter((one) => one.state === state).length;
      const parts = [["waiting", "张等待网络，恢复后自动续传"], ["queued", "张排队"], ["sending", "张正在上传"], ["refused", "张未接受"]];
      return parts.map(([state, words]) => (count(state) ? count(state) + words : "")).filter(Boolean).join("，");
    },
  },
  mounted() {
    this.wake = () => { for (const one of this.files) one.goOn?.(); };
    this.stay = (event) => { if (this.sending) event.preventDefault(); };
    window.addEventListener("online", this.wake);
    window.addEventListener("beforeunload", this.stay);
  },
  unmounted() {
    this.gone = true;
    this.wake();
    window.removeEventListener("online", this.wake);
    window.removeEventListener("beforeunload", this.stay);
  },
  template: `
    <div class="sf-photo-box" :class="{ 'sf-drop-over': over }" @dragover.prevent="over = true" @dragleave="over = false" @drop.prevent="drop">
      <div class="sf-photo-buttons">
        <button type="button" class="sf-photo-take" @click="$refs.camera.click()">拍照</button>
        <button type="button" @click="$refs.album.click()">选择照片</button>
        <span class="sf-help sf-photo-drop">可拖入，可多选</span>
      </div>
      <input ref="camera" type="file" accept="image/jpeg,image/png" capture="environment" hidden tabindex="-1" :aria-label="'拍摄' + label" @change="choose">
      <input ref="album" type="file" accept="image/jpeg,image/png" multiple hidden tabindex="-1" :aria-label="'选择' + label" @change="choose">
      <p class="sf-help" role="status">{{ told }}</p>
      <ul v-if="files.length" class="sf-photo-going">
        <li v-for="one in files" :key="one.key" :class="'sf-photo-' + one.state">
          <span>{{ one.name }}</span>
          <progress v-if="one.state !== 'refused'" max="100" :value="one.percent" :aria-label="one.name"></progress>
          <small>{{ one.words }}</small>
          <button v-if="one.state === 'refused'" type="button" @click="files = files.filter((other) => other.key !== one.key)" :aria-label="'不再显示' + one.name">知道了</button>
        </li>
      </ul>
    </div>`,
  methods: {
    choose(event) { this.add([...event.target.files]); event.target.value = ""; },
    drop(event) { this.over = false; this.add([...(event.dataTransfer?.files || [])]); },
    add(chosen) {
      for (const file of chosen) {
        const key = hash([file.name, file.size, file.lastModified].join("|"));
        const known = this.files.find((one) => one.key === key);
        if (known && known.state !== "refused") continue;
        this.files = this.files.filter((one) => one.key !== key);
        const one = { key, name: file.name.slice(-60), file, state: "queued", percent: 0, words: "排队" };
        if (file.size > this.largest) this.refuse(one, "照片超过50MB，请改用普通分辨率重新拍摄");
        else if (!file.size) this.refuse(one, "照片是空的，请重新选择");
        this.files.push(one);
      }
      this.next();
    },
    next() {
      while (this.sending < AT_ONCE && !this.gone) {
        const one = this.files.find((other) => other.state === "queued");
        if (!one) return;
        one.state = "sending";
        this.sending++;
        this.send(one).finally(() => { this.sending--; this.next(); });
      }
    },
    refuse(one, words) { one.state = "refused"; one.words = words; },
    async send(one) {
      for (let tries = 1; !this.gone && one.state !== "refused"; tries++) {
        try {
          let said = await this.ask(one, "GET");
          while (!said.done) {
            one.state = "sending";
            if (said.busy) { one.words = "正在处理"; await this.pause(one, 1000); said = await this.ask(one, "GET"); continue; }
            one.percent = Math.round((said.have * 100) / one.file.size);
            one.words = one.percent + "%";
            said = await this.ask(one, "PUT", said.have);
            tries = 1;
            if (this.gone) return;
          }
          if (said.refused) return this.refuse(one, said.refused);
          this.files = this.files.filter((other) => other.key !== one.key);
          this.$emit("kept", { key: one.key });
          return;
        } catch (broken) {
          if (broken.told) return this.refuse(one, broken.told);
          // A browser may take a chosen file away again; without it there is nothing to go on with.
          if (!(await one.file.slice(0, 1).arrayBuffer().catch(() => null))) return this.refuse(one, "照片已不可读取，请重新选择");
          one.state = "waiting";
          one.words = "网络中断，等待续传";
          await this.pause(one, Math.min(30, 2 ** Math.min(tries, 5)) * 1000);
        }
      }
    },
    pause(one, time) {
      return new Promise((done) => { const timer = setTimeout(done, time); one.goOn = () => { clearTimeout(timer); done(); }; });
    },
    async ask(one, method, have = 0) {
      const end = Math.min(have + PART, one.file.size);
      const headers = { "content-range": `bytes ${have}-${end - 1}/${one.file.size}`, "x-file-name": encodeURIComponent(one.name), "content-type": "application/octet-stream" };
      const more = method === "PUT" ? { body: one.file.slice(have, end), headers } : {};
      const reply = await fetch(this.address + one.key, { method, signal: AbortSignal.timeout(PATIENCE), ...more });
      if (reply.ok || reply.status === 409) {
        const said = await reply.json();
        if (said.have !== undefined) return said;
        throw { told: said.message || "未能上传，请刷新页面后重试" };
      }
      if (reply.status === 401 || reply.redirected) throw { told: "登录已失效，请重新登录后再选择，已上传的部分会保留一段时间" };
      if (reply.status >= 500) throw new Error("not now");
      throw { told: (await reply.json().catch(() => ({}))).message || "未能上传，请刷新页面后重试" };
    },
  },
};
