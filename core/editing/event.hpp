// Events of the editing machine. `asked` is the number of the request that an event answers.
#pragma once

#include <array>

#include "core/editing/state.hpp"

namespace rekey::editing {

/// The person changed something; it is in the tab already, under this number.
struct Changed {
  std::int64_t number = 0;
  static constexpr std::string_view type = "changed";
  bool operator==(const Changed&) const = default;
  static constexpr auto fields() { return std::tuple{field("number", &Changed::number)}; }
};

/// Save Configuration.
struct SavePressed {
  static constexpr std::string_view type = "save_pressed";
  bool operator==(const SavePressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Sign out.
struct SignOutPressed {
  static constexpr std::string_view type = "sign_out_pressed";
  bool operator==(const SignOutPressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Try again, where the configuration could not be read; or the network is back.
struct TryAgainPressed {
  static constexpr std::string_view type = "try_again_pressed";
  bool operator==(const TryAgainPressed&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The connection may have changed: the facts say how it is now. Also: the page is shown (again).
struct Stepped {
  static constexpr std::string_view type = "stepped";
  bool operator==(const Stepped&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// How things stand is not known any more: the page starts again, or its session has ended.
struct Left {
  static constexpr std::string_view type = "left";
  bool operator==(const Left&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The moment that `Wait` asked for has passed.
struct Waited {
  std::int64_t asked = 0;
  static constexpr std::string_view type = "waited";
  bool operator==(const Waited&) const = default;
  static constexpr auto fields() { return std::tuple{field("asked", &Waited::asked)}; }
};

/// The configuration was read.
struct Fetched {
  std::int64_t asked = 0;
  std::int64_t revision = 0;
  std::int64_t restored = 0;   ///< changes the tab kept from before it was loaded anew; the first
                               ///< time only
  bool other_company = false;  ///< than the one shown: its records are others
  static constexpr std::string_view type = "fetched";
  bool operator==(const Fetched&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &Fetched::asked), field("revision", &Fetched::revision),
                      field("restored", &Fetched::restored),
                      field("other_company", &Fetched::other_company)};
  }
};

/// The configuration could not be read.
struct FetchFailed {
  std::int64_t asked = 0;
  static constexpr std::string_view type = "fetch_failed";
  bool operator==(const FetchFailed&) const = default;
  static constexpr auto fields() { return std::tuple{field("asked", &FetchFailed::asked)}; }
};

/// The draft is kept as this revision; of several requests that it takes, what the first of them
/// brought (`upto`).
struct Kept {
  std::int64_t asked = 0;
  std::int64_t revision = 0;
  std::int64_t upto = 0;  ///< the newest change that is kept; 0: all that were to be
  static constexpr std::string_view type = "kept";
  bool operator==(const Kept&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &Kept::asked), field("revision", &Kept::revision),
                      wire::rare_field("upto", &Kept::upto)};
  }
};

/// Why a draft or a configuration was not taken.
enum class NotTaken {
  changed_elsewhere,  ///< the backend has a newer revision than the tab has seen
  refused,            ///< the backend said no, and would again
  unknown,            ///< no answer, or trouble: it may have been taken all the same
};
constexpr std::array<std::string_view, 3> names_of(NotTaken) {
  return {"changed_elsewhere", "refused", "unknown"};
}

/// The draft was not kept.
struct KeepFailed {
  std::int64_t asked = 0;
  NotTaken why = NotTaken::unknown;
  static constexpr std::string_view type = "keep_failed";
  bool operator==(const KeepFailed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &KeepFailed::asked), field("why", &KeepFailed::why)};
  }
};

/// The configuration is saved as this revision.
struct Saved {
  std::int64_t asked = 0;
  std::int64_t revision = 0;
  static constexpr std::string_view type = "saved";
  bool operator==(const Saved&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &Saved::asked), field("revision", &Saved::revision)};
  }
};

/// The configuration was not saved.
struct SaveFailed {
  std::int64_t asked = 0;
  NotTaken why = NotTaken::unknown;
  static constexpr std::string_view type = "save_failed";
  bool operator==(const SaveFailed&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("asked", &SaveFailed::asked), field("why", &SaveFailed::why)};
  }
};

using Event = std::variant<Changed, SavePressed, SignOutPressed, TryAgainPressed, Stepped, Left,
                           Waited, Fetched, FetchFailed, Kept, KeepFailed, Saved, SaveFailed>;

}  // namespace rekey::editing
