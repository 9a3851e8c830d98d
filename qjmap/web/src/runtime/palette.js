/* Colours of the map by purpose, for light and dark screens and for paper. */

/** @type {Palette} */
const light = {
  sea: "#dce6ea", land: "#f7f4ec", lake: "#dce6ea", river: "#b5cbd6", riverName: "#6f93a5",
  coast: "#b9c6c9", national: "#9c8f96", province: "#b3aaa0", district: "#d9d3c7", city: "#cbc4b7",
  partner: "#f1e9d8", home: "#fbeed0", homeLine: "#a8843c", homeHalo: "rgba(214,172,84,0.28)",
  area: "#a8843c", areaHatch: "rgba(168,132,60,0.28)",
  provinceName: "#a59c8f", countryName: "#9a938a", seaName: "#86a5b5",
  ink: "#26292b", inkSoft: "#5a6064", inkFaint: "#a7a9a6", blockFill: "rgba(251,249,244,0.93)", paper: "#fbf9f4", halo: "rgba(250,248,242,0.92)",
  warm: "#b03f12", warmPlain: "#8c6a59", warmLight: "#947b6d", warmLift: "#8f2d05", warmCase: "rgba(251,249,244,0.85)",
  cool: "#1f5f86", coolPlain: "#3f7a9c", coolLight: "#5b93b3", coolCase: "#fbf9f4", band: "rgba(44,122,123,0.11)", bandLine: "#2c7a7b",
  badge: "#fbf9f4", badgeLine: "#5a6064", ring: "#7a7468", lift: "#111111", text: "#26292b",
};
const dark = {
  sea: "#12191f", land: "#1f2326", lake: "#12191f", river: "#2f4654", riverName: "#6d95aa",
  coast: "#3a4a52", national: "#6d6269", province: "#545049", district: "#31332f", city: "#3a3b37",
  partner: "#2a2b27", home: "#38321f", homeLine: "#c9a557", homeHalo: "rgba(201,165,87,0.20)",
  area: "#c9a557", areaHatch: "rgba(201,165,87,0.22)",
  provinceName: "#77736b", countryName: "#7d7a74", seaName: "#55788a",
  ink: "#e9e6df", inkSoft: "#b5b1a8", inkFaint: "#6d6c68", blockFill: "rgba(27,31,34,0.93)", paper: "#1b1f22", halo: "rgba(27,31,34,0.92)",
  warm: "#f0894f", warmPlain: "#b59a8a", warmLight: "#8f7a6e", warmLift: "#ffb184", warmCase: "rgba(27,31,34,0.85)",
  cool: "#6fb4dc", coolPlain: "#6fb4dc", coolLight: "#5d93b3", coolCase: "#1b1f22", band: "rgba(84,178,178,0.12)", bandLine: "#54b2b2",
  badge: "#262b2f", badgeLine: "#b5b1a8", ring: "#a39d90", lift: "#ffffff", text: "#e9e6df",
};
const print = {
  ...light, sea: "#eef3f5", land: "#ffffff", lake: "#eef3f5", partner: "#faf6ec", home: "#fdf5e1",
  paper: "#ffffff", halo: "rgba(255,255,255,0.95)", badge: "#ffffff", ink: "#000000", inkSoft: "#3c3c3c", blockFill: "rgba(255,255,255,0.95)",
};
/** @type {Record<string, Palette>} theme -> its colours */
export const palettes = { light, dark, print };
/** Fonts of the map, in the order of preference. */
export const typeface = '"PingFang SC","Microsoft YaHei","Noto Sans CJK SC","Noto Sans SC",sans-serif';
