// Improves the admin pages: times of here, and buttons that copy. Everything works without it.

import { showLocalTimes } from "../player/clocks.js";
import { startCopying } from "./copy.js";

showLocalTimes(document);
startCopying(document);
