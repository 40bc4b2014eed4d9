// Binds every behaviour to the elements that ask for it by a data attribute, once at load and
// again for each part that htmx brings in.
import { bindDialog } from "./dialog.js";
import { bindFocus } from "./focus.js";
import { bindBell } from "./bell.js";
import { bindPalette } from "./palette.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindTheme } from "./theme.js";
import { bindErrors } from "./errors.js";
import { bindGuard } from "./guard.js";
import { bindOnce } from "./once.js";
import { bindSession } from "./session.js";
import { bindSelects } from "./selects.js";
import { bindList } from "./list.js";
import { bindSelection } from "./selection.js";
import { bindPanel } from "./panel.js";
import { bindInline } from "./inline.js";
import { bindBoard } from "./board.js";
import { bindFilters } from "./filters.js";
import { bindColumns } from "./columns.js";
import { bindCharts } from "./charts.js";
import { bindGrants } from "./grants.js";
import { bindFiles } from "./files.js";
import { bindConditions } from "./conditions.js";
import { bindDrafts } from "./drafts.js";
import { bindComment } from "./comment.js";
import { bindMentions } from "./mentions.js";
import { bindCards } from "./cards.js";
import { bindArrange } from "./arrange.js";
import { bindMatrix } from "./matrix.js";
import { bindRecord } from "./record.js";
import { bindPreview } from "./preview.js";

const bindings = [
  bindFocus, bindTheme, bindSession, bindGuard, bindOnce, bindSelects, bindList, bindSelection, bindPanel,
  bindInline, bindBoard, bindFilters, bindColumns, bindCharts,
  bindGrants, bindFiles, bindConditions, bindDrafts, bindComment, bindMentions, bindRecord, bindArrange,
  bindPreview, bindMatrix, bindCards,
];

function bind(root) {
  for (const behaviour of bindings) {
    behaviour(root);
  }
}

bindErrors();
bindDialog();
bindShortcuts();
bindPalette();
bindBell();
bind(document);
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) {
    bind(event.target);
  }
});
document.documentElement.dataset.ready = "true";
