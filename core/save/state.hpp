// The states of the customer's configuration: empty, being edited, being stored, stored.
#pragma once

#include <cstdint>
#include <variant>

#include "core/time.hpp"
#include "core/wire/fields.hpp"

namespace rekey::save {

using wire::field;

/// Nothing was chosen yet.
struct Empty {
  static constexpr std::string_view type = "empty";
  bool operator==(const Empty&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// There are choices that the host does not see yet. They are kept, also through a reload.
struct Draft {
  static constexpr std::string_view type = "draft";
  bool operator==(const Draft&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Save Configuration was pressed; the configuration is being stored.
struct Saving {
  Instant deadline{};
  static constexpr std::string_view type = "saving";
  bool operator==(const Saving&) const = default;
  static constexpr auto fields() { return std::tuple{field("deadline", &Saving::deadline)}; }
};

/// The configuration is stored, and what the host reads.
struct Saved {
  Instant at{};
  static constexpr std::string_view type = "saved";
  bool operator==(const Saved&) const = default;
  static constexpr auto fields() { return std::tuple{field("at", &Saved::at)}; }
};

using Phase = std::variant<Empty, Draft, Saving, Saved>;

/// The save machine: its phase, and the revision of the choices, which grows with every change.
struct State {
  Phase phase;
  std::int64_t revision = 0;
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("phase", &State::phase), field("revision", &State::revision)};
  }
};

}  // namespace rekey::save
