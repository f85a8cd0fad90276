// Actions of the refresh machine: what the caller must do after a step, as plain data.
#pragma once

#include <vector>

#include "core/refresh/event.hpp"

namespace rekey::refresh {

/// Hand out the access token there is.
struct Serve {
  static constexpr std::string_view type = "serve";
  bool operator==(const Serve&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Send the refresh token, and answer with Renewed, NotRenewed or TurnGivenUp.
struct Spend {
  bool previous = false;  ///< the one before the newest
  static constexpr std::string_view type = "spend";
  bool operator==(const Spend&) const = default;
  static constexpr auto fields() { return std::tuple{field("previous", &Spend::previous)}; }
};

/// Another process has the turn: look again shortly, and see whether it lives.
struct Watch {
  std::string holder;
  static constexpr std::string_view type = "watch";
  bool operator==(const Watch&) const = default;
  static constexpr auto fields() { return std::tuple{field("holder", &Watch::holder)}; }
};

/// Ask again at this time.
struct Wait {
  Instant until{};
  static constexpr std::string_view type = "wait";
  bool operator==(const Wait&) const = default;
  static constexpr auto fields() { return std::tuple{field("until", &Wait::until)}; }
};

/// Tell the caller that there is none now, why, and when to ask again.
struct Later {
  Meaning meaning = Meaning::unavailable;
  Instant until{};
  static constexpr std::string_view type = "later";
  bool operator==(const Later&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("meaning", &Later::meaning), field("until", &Later::until)};
  }
};

/// Tell the caller that the grant has ended.
struct Over {
  static constexpr std::string_view type = "over";
  bool operator==(const Over&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

/// Store the tokens of the answer together with the next state, before a caller gets them.
struct StoreTokens {
  bool rotate =
      false;  ///< there is a new refresh token: the one that was used becomes the previous
  static constexpr std::string_view type = "store_tokens";
  bool operator==(const StoreTokens&) const = default;
  static constexpr auto fields() { return std::tuple{field("rotate", &StoreTokens::rotate)}; }
};

/// Ask for a new token, and make the call to the accounting API once more with it.
struct RenewAndRepeat {
  static constexpr std::string_view type = "renew_and_repeat";
  bool operator==(const RenewAndRepeat&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};

// What becomes an event of the connection, in its history ----------------------------------------

/// connect::GrantRefreshed.
struct TellRenewed {
  connect::Lifetimes lifetimes;
  static constexpr std::string_view type = "tell_renewed";
  bool operator==(const TellRenewed&) const = default;
  static constexpr auto fields() { return std::tuple{field("lifetimes", &TellRenewed::lifetimes)}; }
};
/// connect::GrantInTrouble: it cannot be renewed or used for now.
struct TellTrouble {
  connect::Hindrance reason = connect::Hindrance::unavailable;
  Instant since{};
  static constexpr std::string_view type = "tell_trouble";
  bool operator==(const TellTrouble&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &TellTrouble::reason), field("since", &TellTrouble::since)};
  }
};
/// connect::AccessRestored: the accounting API takes its tokens again.
struct TellRestored {
  static constexpr std::string_view type = "tell_restored";
  bool operator==(const TellRestored&) const = default;
  static constexpr auto fields() { return std::tuple{}; }
};
/// connect::GrantAtRisk: it still works, and is known to end.
struct TellRisk {
  connect::Ended reason = connect::Ended::expired;
  Instant ends{};
  static constexpr std::string_view type = "tell_risk";
  bool operator==(const TellRisk&) const = default;
  static constexpr auto fields() {
    return std::tuple{field("reason", &TellRisk::reason), field("ends", &TellRisk::ends)};
  }
};
/// connect::GrantEnded.
struct TellEnded {
  connect::Ended reason = connect::Ended::refused;
  static constexpr std::string_view type = "tell_ended";
  bool operator==(const TellEnded&) const = default;
  static constexpr auto fields() { return std::tuple{field("reason", &TellEnded::reason)}; }
};

using Action = std::variant<Serve, Spend, Watch, Wait, Later, Over, StoreTokens, RenewAndRepeat,
                            TellRenewed, TellTrouble, TellRestored, TellRisk, TellEnded>;
using Actions = std::vector<Action>;

}  // namespace rekey::refresh
