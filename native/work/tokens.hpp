// A fresh access token for a grant, refreshed by one at a time.
#pragma once

#include "native/work/driver.hpp"
#include "native/work/outside.hpp"

namespace rekey::work {

/// Why there is no access token now.
enum class NoToken {
  ended,  ///< the provider ended the grant; the connection is told
  later,  ///< the provider is in trouble; the grant is fine
  ours,   ///< our own configuration is refused by the provider
  gone,   ///< there is no such grant any more
};

struct AccessToken {
  Secret value;
  Instant expires{};
  std::string realm_id;
  std::int64_t revision = 0;
};

/// Hands out access tokens and keeps grants alive. The rules: a token that is still good is served
/// without a lock; one refresh at a time for a grant, over all processes, by a lease in the store;
/// the answer is stored before anybody sees it; trouble on the way never counts as the end of a
/// grant; and after invalid_grant the store is read again and the previous refresh token tried
/// once, because a reply may have been lost.
class Tokens {
 public:
  Tokens(Driver& driver, const Outside& outside) : driver_(driver), outside_(outside) {}

  /// An access token good for another `margin`. `rejected`: the revision of one the provider has
  /// just refused, which counts as spent whatever its expiry says.
  tl::expected<AccessToken, NoToken> fresh(const Owner& owner, std::int64_t version,
                                           std::optional<std::int64_t> rejected = {});

 private:
  struct Read;
  std::optional<Read> read(const Owner& owner, std::int64_t version);
  /// None: the new tokens are stored.
  std::optional<NoToken> refresh(const Owner& owner, std::int64_t version, const Read& current);
  tl::expected<oauth::Tokens, intuit::TokenFailure> ask(const Read& current);
  void store(const Owner& owner, std::int64_t version, const Read& current,
             const oauth::Tokens& answer);

  Driver& driver_;
  const Outside& outside_;
};

}  // namespace rekey::work
