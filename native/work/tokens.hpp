// Gives a fresh access token of a grant; one caller at a time renews it.
#pragma once

#include "native/work/driver.hpp"
#include "native/work/grant_keeper.hpp"
#include "native/work/provider_clients.hpp"

namespace rekey::work {

/// Hands out access tokens and keeps grants alive, as core/refresh/step.hpp has the rules: here is
/// the loop that asks it what to do, and does it. Callers of one process wait for one renewal
/// together; other processes are kept off by the turn in the store.
///
/// While the provider is asked, no thread is held. A renewal goes on though those who asked for it
/// stop waiting; `Pool::wait_for_tasks` waits for it. Driver and clients must outlive it.
class Tokens {
 public:
  Tokens(Driver& driver, const ProviderClients& clients)
      : driver_(driver), clients_(clients), keeper_(driver, clients) {}

  using Until = std::optional<async::Steady::time_point>;

  /// An access token good for another `good_for`, or the best there is. `rejected`: the revision of
  /// one the provider has just refused, which counts as spent whatever its expiry says. `until`:
  /// from then on the best there is must do, or `later`; the renewal goes on, and what comes of it
  /// is stored.
  async::Task<Fresh> fresh(Owner owner, std::int64_t version,
                           std::optional<std::int64_t> rejected = {},
                           Millis good_for = refresh::policy::good_for, Until until = {});

  /// Renews a grant whose time for that has come (`store::due_refreshes`) though no caller asked;
  /// one that is not due, or no longer, stays as it is.
  async::Task<Fresh> renew_if_due(Owner owner, std::int64_t version);

  /// A call to the accounting API with a fresh token (`read` gives the task that makes it). What
  /// its answer says of the grant is noted; after a token that was refused, one is renewed and the
  /// call made once more.
  template <class F>
  auto read_with_token(Owner owner, std::int64_t version, F read)
      -> decltype(read(std::declval<const AccessToken&>()));

  /// Notes what an answer of the accounting API to this token says of the grant. True: ask for
  /// another token, and make the call once more.
  bool note_access(const store::GrantKey& grant, const AccessToken& token, oauth::Meaning meaning,
                   bool repeated);

 private:
  /// What a caller, or time, wants of a grant.
  struct Wish {
    Owner owner;
    store::GrantKey grant;
    std::optional<std::int64_t> rejected{};
    Millis good_for{0};
    std::optional<std::int64_t> seen{};
    bool due = false;  ///< time wants it
  };
  struct Watching;

  /// Whether its tokens are there; they go when it is forgotten.
  bool has_tokens(store::Database& db, const Wish& wish) const;
  std::optional<AccessToken> token_of(const Wish& wish);
  std::optional<AccessToken> still_valid(const Wish& wish);
  bool serves(const Wish& wish, bool renewing_here, std::int64_t& revision);
  /// A renewal that outlives those who asked for it.
  static async::Task<Fresh> fly(Tokens self, Wish wish);
  async::Task<Fresh> renew(const Wish& wish);
  RefreshMove ask(const Wish& wish, const Watching& watching);
  Fresh answer_of(const Wish& wish, const RefreshMove& moved);
  Secret secret_of(const Wish& wish, const char* field);
  /// Sends refresh tokens for as long as the machine says so. False: there was none to send.
  async::Task<bool> use_turn(const Wish& wish, std::string me);
  async::Task<bool> spend(const Wish& wish, HeldTurn& turn);
  RefreshMove not_renewed(const Wish& wish, const HeldTurn& turn, const oauth::Failure& failure,
                          bool of_previous);
  async::Task<void> store(const Wish& wish, const oauth::Tokens& answer, HeldTurn& turn);
  void try_to_store(const Wish& wish, const oauth::Tokens& answer, const std::string& me);
  void put_tokens(store::Database& db, const Wish& wish, const oauth::Tokens& answer, bool rotate);

  Driver& driver_;
  const ProviderClients& clients_;
  GrantKeeper keeper_;
};

/// What having no token means for a call.
oauth::Failure failure_of(const NoToken& why, Instant now);

/// Whether an answer says something about a grant that is to be noted.
inline bool concerns_access(oauth::Meaning meaning, bool barred) {
  using oauth::Meaning;
  return meaning == Meaning::stale_token || meaning == Meaning::rights_lost ||
         meaning == Meaning::company_lapsed || (meaning == Meaning::alive && barred);
}

template <class F>
auto Tokens::read_with_token(Owner owner, std::int64_t version, F read)
    -> decltype(read(std::declval<const AccessToken&>())) {
  const store::GrantKey grant{owner.connection, version};
  auto token = co_await fresh(owner, version);
  for (bool repeated = false;; repeated = true) {
    if (!token) co_return tl::unexpected(failure_of(token.error(), driver_.now()));
    auto result = co_await read(*token);
    const auto meaning = result ? oauth::Meaning::alive : result.error().meaning;
    if (!concerns_access(meaning, token->barred) ||
        !note_access(grant, *token, meaning, repeated) || repeated)
      co_return result;
    token = co_await fresh(owner, version, token->revision);
  }
}

}  // namespace rekey::work
