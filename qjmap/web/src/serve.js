/* The script of the frame that `qjmap serve` puts around the page: shows it again when the tables change, takes its edits to them. */

import { startFrame } from "./serve/frame.js";

startFrame();
