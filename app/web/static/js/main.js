// Binds every behaviour to the elements that ask for it by a data attribute, once at load and
// again for each part that htmx brings in.
import { bindContent } from "./content.js";
import { bindCopy } from "./copy.js";
import { bindDialog } from "./dialog.js";
import { bindFocus } from "./focus.js";
import { bindBell } from "./home/bell.js";
import { bindMenu, bindSubjects } from "./home/menu.js";
import { bindPalette } from "./home/palette.js";
import { bindShortcuts } from "./shortcuts.js";
import { bindTheme } from "./theme.js";
import { bindErrors } from "./errors.js";
import { bindGuard } from "./guard.js";
import { bindOnce } from "./forms/once.js";
import { bindSession } from "./session.js";
import { bindSelects } from "./forms/selects.js";
import { bindList } from "./lists/list.js";
import { bindSelection } from "./lists/selection.js";
import { bindPanel } from "./lists/panel.js";
import { bindInline } from "./lists/inline.js";
import { bindBoard } from "./boards/board.js";
import { bindFilters } from "./lists/filters.js";
import { bindColumns } from "./lists/columns.js";
import { bindCharts } from "./home/charts.js";
import { bindGrants } from "./admin/grants.js";
import { bindFiles } from "./records/files.js";
import { bindChoiceRows } from "./forms/choice_rows.js";
import { bindConditions } from "./forms/conditions.js";
import { bindDrafts, bindTyping } from "./forms/drafts.js";
import { bindSuggestions } from "./forms/suggestions.js";
import { bindUploads } from "./forms/upload.js";
import { bindComment } from "./records/comment.js";
import { bindMentions } from "./records/mentions.js";
import { bindCards } from "./home/cards.js";
import { bindArrange } from "./saved_views/arrange.js";
import { bindMatrix } from "./admin/matrix.js";
import { bindRecord } from "./records/record.js";
import { bindPreview } from "./records/preview.js";

const bindings = [
  bindFocus, bindTheme, bindSession, bindGuard, bindOnce, bindSelects, bindList, bindSelection, bindPanel,
  bindInline, bindBoard, bindFilters, bindColumns, bindCharts,
  bindGrants, bindFiles, bindChoiceRows, bindConditions, bindDrafts, bindTyping, bindComment, bindMentions, bindRecord, bindArrange,
  bindPreview, bindMatrix, bindCards, bindSuggestions, bindUploads, bindCopy, bindSubjects,
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
bindMenu();
bind(document);
bindContent();
document.addEventListener("htmx:load", (event) => {
  if (event.target !== document.body) {
    bind(event.target);
  }
});
document.documentElement.dataset.ready = "true";
