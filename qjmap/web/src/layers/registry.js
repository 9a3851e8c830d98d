/* The layers by the name that the program calls them by; one for each layer class of qjmap.layers. */

import { makeBackground } from "./background.js";
import { makeCorridors } from "./corridors.js";
import { makeDistricts } from "./districts.js";
import { makePartnerships } from "./partnerships.js";
import { makePlaces } from "./places.js";
import { makeSites } from "./sites.js";

export const layers = {
  background: makeBackground,
  corridors: makeCorridors,
  districts: makeDistricts,
  partnerships: makePartnerships,
  places: makePlaces,
  sites: makeSites,
};
