// An access token as it is handed out, or the reason why there is none.
#pragma once

#include <optional>
#include <string>
#include <tl/expected.hpp>

#include "core/secret.hpp"
#include "core/time.hpp"

namespace rekey::work {

/// Why there is no access token now.
struct NoToken {
  enum Why {
    ended,          ///< the provider ended the grant; the connection is told
    later,          ///< the provider is in trouble; the grant is fine
    misconfigured,  ///< our own configuration is refused by the provider
    gone,           ///< there is no such grant any more, or none that may be used
  };
  NoToken(Why reason, std::optional<Instant> when = {}) : why(reason), until(when) {}
  bool operator==(Why other) const { return why == other; }

  Why why;
  std::optional<Instant> until;  ///< later, misconfigured: when to ask again; none: not known
};

struct AccessToken {
  Secret value;
  Instant expires{};
  std::string realm_id;
  std::int64_t revision = 0;
  bool barred = false;  ///< the accounting API has refused the grant, and not taken it since
};

using Fresh = tl::expected<AccessToken, NoToken>;

}  // namespace rekey::work
