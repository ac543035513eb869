// The shaders of an estate. A vertex is moved or dropped by its storey and its home, never in the geometry.
export const PLACE = `
in float aUnit; in float aStorey; in float aBuilding;
uniform sampler2D colours; uniform int width; uniform float explode, cut, only, building;
flat out int vUnit, vStorey; out vec3 vPos;
void main() {
  vec3 p = position; p.z += aStorey * explode; vUnit = int(aUnit + .5); vStorey = int(floor(aStorey + .5));
  vec4 seen = modelViewMatrix * vec4(p, 1.); vPos = seen.xyz;
  gl_Position = projectionMatrix * seen;
  bool off = (only > -90. ? aStorey != only : aStorey > cut) || (building >= 0. && aBuilding != building);
  if (off || texelFetch(colours, ivec2(vUnit % width, vUnit / width), 0).a < .1) gl_Position = vec4(2., 2., 2., 1.);
}`;
const LIGHT = `
flat in int vUnit; in vec3 vPos;
float light() { vec3 n = normalize(cross(dFdx(vPos), dFdy(vPos))); return .62 + .38 * abs(dot(n, normalize(vec3(.35, .45, .82)))); }`;
const TONE = `
uniform sampler2D colours; uniform int width, selected;
vec3 tone(int unit) {
  vec4 c = texelFetch(colours, ivec2(unit % width, unit / width), 0);
  if (c.a < .9 && mod(gl_FragCoord.x + gl_FragCoord.y, 8.) < 3.) c.rgb = vec3(.45);
  return unit == selected ? mix(c.rgb, vec3(.08, .4, .95), .75) : c.rgb;
}`;
// The number of a home from 1 on, 19 bits, and 5 of its storey, so that storeys of what is common are apart.
export const HOME = `${LIGHT} flat in int vStorey;
void main() {
  int n = vUnit + 1;
  gl_FragColor = vec4(vec3(n & 255, (n >> 8) & 255, ((n >> 16) & 7) | ((vStorey & 31) << 3)) / 255., light());
}`;
export const SHEET = `${TONE} uniform sampler2D homes; uniform vec3 ground; uniform int fine;
void main() {
  ivec2 at = ivec2(gl_FragCoord.xy) * fine, most = textureSize(homes, 0) - 1;
  vec3 sum = vec3(0.);
  for (int i = 0; i < fine * fine; i++) {
    ivec2 p = at + ivec2(i % fine, i / fine);
    vec4 c = texelFetch(homes, p, 0), a = abs(c - texelFetch(homes, min(p + ivec2(fine, 0), most), 0)), b = abs(c - texelFetch(homes, min(p + ivec2(0, fine), most), 0));
    ivec3 n = ivec3(c.rgb * 255. + .5);
    int unit = n.r + (n.g << 8) + ((n.b & 7) << 16) - 1;
    bool edge = any(greaterThan(max(a, b), vec4(vec3(.002), .03)));
    vec3 seen = unit < 0 ? ground : tone(unit) * c.a;
    // An edge lets the colour through, so that far homes of two pixels still show theirs.
    sum += edge ? mix(seen, vec3(.18, .24, .3), .6) : seen;
  }
  gl_FragColor = vec4(sum / float(fine * fine), 1.);
}`;
// What can be seen through is drawn with its edges, all of it for each frame.
export const GLASS = `${LIGHT} ${TONE} uniform float opacity;
void main() { gl_FragColor = vec4(tone(vUnit) * light(), vUnit == selected ? 1. : opacity); }`;
export const EDGE = `flat in int vUnit; in vec3 vPos; void main() { gl_FragColor = vec4(.18, .24, .3, 1.); }`;
