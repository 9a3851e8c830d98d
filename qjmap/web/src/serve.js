/* Script of the outer page of `qjmap serve`: reloads the map's page when the tables change, and sends its edits to the server. */

import { startFrame } from "./serve/serve-controls.js";

startFrame();
