// All scripts of a page of a module, which the tool sends as one file (joining.py).

import "../player/player.js";
import "./display.js";
import "./offline.js";
