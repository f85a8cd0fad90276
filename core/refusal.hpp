// The reasons for which an event is refused; the words are in the catalogue under "refused.<name>".
#pragma once

#include <array>
#include <string_view>

namespace rekey {

enum class Refusal {
  already_loaded,      ///< an OAuth 1.0a connection arrives where there is one, or a newer thing
  sign_in_under_way,   ///< Connect while a code is being exchanged, a company proved or confirmed
  disconnecting,       ///< anything while the provider is being told of the end
  no_sign_in,          ///< a callback or cancel without a sign-in under way
  attempt_superseded,  ///< a callback of a sign-in that a later one replaced
  attempt_spent,       ///< a second callback of the same sign-in
  attempt_expired,     ///< a callback after the time for it
  stale_answer,        ///< an answer to something that is over
  nothing_to_confirm,  ///< confirm or decline without a question
  nothing_to_disconnect,  ///< Disconnect where nothing is connected
  not_connected,          ///< import or save without a connection
  import_running,         ///< import or save while an import runs
  nothing_to_resume,      ///< Resume without a stopped import
  no_import,              ///< Pause, Cancel or Skip without an import that runs
  list_not_left_out,      ///< Retry of a list that was not left out
  list_read,              ///< Skip of a list that is read, or is none of the import's
  nothing_to_apply,       ///< Apply without a finished import
  already_applied,        ///< Apply twice
  out_of_order,           ///< a page of an import out of its order
  import_first,           ///< Save before the settings were imported
  changed_elsewhere,      ///< an edit or save of choices that another tab has changed since
  save_under_way,         ///< an edit or save while a save is stored
  nothing_due,            ///< the clock, with nothing waiting for it
};
constexpr std::array<std::string_view, 23> names_of(Refusal) {
  return {"already_loaded",     "sign_in_under_way",
          "disconnecting",      "no_sign_in",
          "attempt_superseded", "attempt_spent",
          "attempt_expired",    "stale_answer",
          "nothing_to_confirm", "nothing_to_disconnect",
          "not_connected",      "import_running",
          "nothing_to_resume",  "no_import",
          "list_not_left_out",  "list_read",
          "nothing_to_apply",   "already_applied",
          "out_of_order",       "import_first",
          "changed_elsewhere",  "save_under_way",
          "nothing_due"};
}

}  // namespace rekey
