// The actor of an event: the same in the history, in the stream, in webhooks and in the audit.
#pragma once

#include <array>
#include <string>

#include "core/wire/fields.hpp"

namespace rekey::wire {

/// Who did it. `id` and `name` are personal data where it was a user; they go when the tenant is
/// deleted.
struct Actor {
  enum class Kind {
    user,       ///< of the host, on the page; `id` and `name` as the host gave them, or empty
    key,        ///< the host itself; `id` is the API key's
    operator_,  ///< of this service, by a command
    provider,   ///< an answer of the provider, to work that went on by itself
    time,       ///< something ran out
  };
  Kind kind = Kind::time;
  std::string id = {};
  std::string name = {};
  bool operator==(const Actor&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("type", &Actor::kind), field("id", &Actor::id),
                      field("name", &Actor::name)};
  }
};
constexpr std::array<std::string_view, 5> names_of(Actor::Kind) {
  return {"user", "key", "operator", "provider", "time"};
}

/// The actors that need no id.
inline Actor by_operator() {
  return {Actor::Kind::operator_};
}
inline Actor by_provider() {
  return {Actor::Kind::provider};
}
inline Actor by_time() {
  return {Actor::Kind::time};
}

}  // namespace rekey::wire
