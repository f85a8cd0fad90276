// Events of the save machine. `seen` is the revision that the customer was looking at.
#pragma once

#include "core/save/state.hpp"

namespace rekey::save {

/// The customer changed something; the new choices are stored as the next revision.
struct Edited {
  std::int64_t seen = 0;
  static constexpr std::string_view type = "edited";
  bool operator==(const Edited&) const = default;
  static constexpr auto fields() { return std::tuple{field("seen", &Edited::seen)}; }
};

/// The customer pressed Save Configuration; what they saw is stored as the next revision.
struct SavePressed {
  std::int64_t seen = 0;
  static constexpr std::string_view type = "save_pressed";
  bool operator==(const SavePressed&) const = default;
  static constexpr auto fields() { return std::tuple{field("seen", &SavePressed::seen)}; }
};

/// The configuration of this revision is what the host reads now.
struct ConfigurationStored {
  std::int64_t revision = 0;
  static constexpr std::string_view type = "configuration_stored";
  bool operator==(const ConfigurationStored&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("revision", &ConfigurationStored::revision)};
  }
};

/// The configuration could not be stored; the choices are kept.
struct StoreFailed {
  std::int64_t revision = 0;
  static constexpr std::string_view type = "store_failed";
  bool operator==(const StoreFailed&) const = default;
  static constexpr auto fields() { return std::tuple{field("revision", &StoreFailed::revision)}; }
};

}  // namespace rekey::save
