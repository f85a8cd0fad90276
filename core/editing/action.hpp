// Actions of the editing machine, which the page performs after a step. A request (`Wait`, `Fetch`,
// `Keep`, `Save`) is answered by an event with its number.
#pragma once

#include <array>
#include <vector>

#include "core/editing/state.hpp"

namespace rekey::editing {

/// Say when so many milliseconds have passed; answered by `Waited`.
struct Wait {
  std::int64_t asked = 0;
  std::int64_t ms = 0;
  static constexpr std::string_view type = "wait";
  bool operator==(const Wait&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &Wait::asked), field("ms", &Wait::ms)};
  }
};

/// Read the configuration; answered by `Fetched` or `FetchFailed`.
struct Fetch {
  std::int64_t asked = 0;
  static constexpr std::string_view type = "fetch";
  bool operator==(const Fetch&) const = default;
  static constexpr auto fields() { return std::tuple{field("asked", &Fetch::asked)}; }
};

/// Send the changes that are not confirmed, or the first of them that make one request; answered by
/// `Kept` or `KeepFailed`.
struct Keep {
  std::int64_t asked = 0;
  static constexpr std::string_view type = "keep";
  bool operator==(const Keep&) const = default;
  static constexpr auto fields() { return std::tuple{field("asked", &Keep::asked)}; }
};

/// Save what the backend has, with the suggestions left as they are; answered by `Saved` or
/// `SaveFailed`. Every change made so far is confirmed by then.
struct Save {
  std::int64_t asked = 0;
  static constexpr std::string_view type = "save";
  bool operator==(const Save&) const = default;
  static constexpr auto fields() { return std::tuple{field("asked", &Save::asked)}; }
};

/// Show the configuration that was read, with the changes not confirmed laid over it.
struct Show {
  static constexpr std::string_view type = "show";
  bool operator==(const Show&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Show what was saved as what the backend has: suggestions in it have become choices.
struct ShowSaved {
  static constexpr std::string_view type = "show_saved";
  bool operator==(const ShowSaved&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Write the changes not confirmed down in the tab, so that they outlive a reload.
struct Remember {
  static constexpr std::string_view type = "remember";
  bool operator==(const Remember&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The backend has the changes up to this one: they need not be remembered.
struct Confirm {
  std::int64_t upto = 0;
  static constexpr std::string_view type = "confirm";
  bool operator==(const Confirm&) const = default;
  static constexpr auto fields() { return std::tuple{field("upto", &Confirm::upto)}; }
};

/// What the person is told.
enum class News {
  changed_elsewhere,     ///< another tab or person changed the configuration; it is read anew
  changed_while_saving,  ///< the same, where Save Configuration was pressed: nothing was saved
  not_read,              ///< the configuration could not be read
  not_kept,              ///< the last changes could not be kept; they are still here
  not_saved,             ///< Save Configuration did not succeed
  not_editable,          ///< the last changes cannot be kept as the connection is now
};
constexpr std::array<std::string_view, 6> names_of(News) {
  return {"changed_elsewhere", "changed_while_saving", "not_read", "not_kept",
          "not_saved",         "not_editable"};
}

/// Tell the person, with the words of the trouble that was just met.
struct Tell {
  News news = News::not_read;
  static constexpr std::string_view type = "tell";
  bool operator==(const Tell&) const = default;
  static constexpr auto fields() { return std::tuple{field("news", &Tell::news)}; }
};

/// End the session: nothing would be lost, or the person was told what would.
struct SignOut {
  static constexpr std::string_view type = "sign_out";
  bool operator==(const SignOut&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Sign out was pressed, and does not happen.
struct Stay {
  static constexpr std::string_view type = "stay";
  bool operator==(const Stay&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

using Action =
    std::variant<Wait, Fetch, Keep, Save, Show, ShowSaved, Remember, Confirm, Tell, SignOut, Stay>;
using Actions = std::vector<Action>;

}  // namespace rekey::editing
