/* The functions that make the layers, by the names under which the scripts written by qjmap.layers call them. */

import { makeBackground } from "./background.js";
import { makeCorridors } from "./corridors.js";
import { makeDistricts } from "./districts.js";
import { makePartnerships } from "./partnerships.js";
import { makePlaces } from "./places.js";
import { makeSites } from "./sites.js";

/** Name of a layer -> function that makes it; there is one for each layer class of qjmap.layers. */
export const layers = {
  background: makeBackground,
  corridors: makeCorridors,
  districts: makeDistricts,
  partnerships: makePartnerships,
  places: makePlaces,
  sites: makeSites,
};
