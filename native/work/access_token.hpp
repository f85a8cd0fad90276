// An access token as it is handed out, or why there is none.
#pragma once

#include <string>
#include <tl/expected.hpp>

#include "core/secret.hpp"
#include "core/time.hpp"

namespace rekey::work {

/// Why there is no access token now.
enum class NoToken {
  ended,  ///< the provider ended the grant; the connection is told
  later,  ///< the provider is in trouble; the grant is fine
  ours,   ///< our own configuration is refused by the provider
  gone,   ///< there is no such grant any more, or none that may be used
};

struct AccessToken {
  Secret value;
  Instant expires{};
  std::string realm_id;
  std::int64_t revision = 0;
};

using Fresh = tl::expected<AccessToken, NoToken>;

}  // namespace rekey::work
