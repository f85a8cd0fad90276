// The states of the refresh machine of one grant; each holds exactly what is true in it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <variant>

#include "core/connect/state.hpp"
#include "core/oauth/meaning.hpp"

namespace rekey::refresh {

using oauth::Meaning;
using wire::field;
using wire::rare_field;

/// Nothing speaks against it.
struct Fresh {
  static constexpr std::string_view type = "fresh";
  bool operator==(const Fresh&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// The last try failed, which is not the end: the provider is not asked again before `retry_at`.
struct HeldBack {
  Meaning meaning = Meaning::unavailable;
  Instant since{};  ///< of the first failure in a row
  Instant retry_at{};
  Millis pause{0};  ///< from the failure to `retry_at`; more than that left: the clock was set back
  /// In a row; 0: the provider was not asked, because the configured client is another one.
  std::int64_t failures = 0;
  static constexpr std::string_view type = "held_back";
  bool operator==(const HeldBack&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("meaning", &HeldBack::meaning), field("since", &HeldBack::since),
                      field("retry_at", &HeldBack::retry_at), field("pause", &HeldBack::pause),
                      field("failures", &HeldBack::failures)};
  }
};

/// The refresh token is dead; the access token is served to its end, when one last try is made.
struct Dying {
  connect::Ended reason = connect::Ended::refused;
  Instant since{};
  Instant ends{};
  static constexpr std::string_view type = "dying";
  bool operator==(const Dying&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Dying::reason), field("since", &Dying::since),
                      field("ends", &Dying::ends)};
  }
};

/// What a turn began from, and what it goes back to when nothing came of it.
using Origin = std::variant<Fresh, HeldBack, Dying>;

/// A process has the turn to send the refresh token: it is about to, or has. That is stored before
/// the token leaves (`State::unsettled`).
struct Spending {
  std::string owner;      ///< the process and the call
  std::int64_t beat = 0;  ///< grows while the owner lives; not by steps of this machine
  bool unsettled =
      false;  ///< an earlier turn with this refresh token had no answer that was stored
  Origin from;
  static constexpr std::string_view type = "spending";
  bool operator==(const Spending&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("owner", &Spending::owner), field("beat", &Spending::beat),
                      field("unsettled", &Spending::unsettled), field("from", &Spending::from)};
  }
};

/// The provider ended it.
struct Ended {
  connect::Ended reason = connect::Ended::refused;
  Instant since{};
  static constexpr std::string_view type = "ended";
  bool operator==(const Ended&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &Ended::reason), field("since", &Ended::since)};
  }
};

using Phase = std::variant<Fresh, HeldBack, Dying, Spending, Ended>;

/// What the accounting API says against a grant that the token endpoint renews. It is no end.
struct Barred {
  Meaning meaning = Meaning::stale_token;
  Instant since{};
  Instant look_at{};  ///< when the API is asked again
  std::int64_t looks = 0;
  bool operator==(const Barred&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("meaning", &Barred::meaning), field("since", &Barred::since),
                      field("look_at", &Barred::look_at), field("looks", &Barred::looks)};
  }
};

/// The refresh machine of one grant: its phase, and what is known of its tokens.
struct State {
  Phase phase;
  std::int64_t revision = 1;  ///< grows with each renewal
  Instant access_expires{};
  Millis access_life{std::chrono::hours{1}};  ///< as the provider gave it
  bool renewable = true;                      ///< there is a refresh token
  bool previous = false;                      ///< the one before is still kept
  bool unsettled = false;  ///< the refresh token was sent, and no answer to it has been stored
  std::optional<Barred> barred{};
  std::optional<Instant> due{};   ///< when it is renewed though no caller asks; none: never
  std::optional<Instant> warn{};  ///< when people are told of its certain end next
  bool operator==(const State&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("phase", &State::phase),
                      field("revision", &State::revision),
                      field("access_expires", &State::access_expires),
                      field("access_life", &State::access_life),
                      field("renewable", &State::renewable),
                      field("previous", &State::previous),
                      field("unsettled", &State::unsettled),
                      field("barred", &State::barred),
                      field("due", &State::due),
                      field("warn", &State::warn)};
  }
};

/// A grant whose tokens have just been received. `dice`: from 0 to 9999, by chance.
State begin(const connect::Lifetimes& lifetimes, bool renewable, std::int64_t dice, Instant now);

/// What a phase is beside the turn that may be under way: Fresh, HeldBack, Dying or Ended; null for
/// any other. A pointer into the phase.
template <class Standing>
const Standing* standing(const Phase& phase) {
  if (const auto* itself = std::get_if<Standing>(&phase)) return itself;
  if constexpr (!std::is_same_v<Standing, Ended>)
    if (const auto* turn = std::get_if<Spending>(&phase)) return std::get_if<Standing>(&turn->from);
  return nullptr;
}

/// What a meaning that is no end is called to people.
connect::Hindrance hindrance_of(Meaning meaning);

/// Names the holder of a turn together with the life it has shown: it stands still when it is dead.
std::string holder_of(const Spending& turn);

}  // namespace rekey::refresh
