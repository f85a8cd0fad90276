// A fresh access token for a grant, refreshed by one at a time.
#pragma once

#include "native/work/driver.hpp"
#include "native/work/outside.hpp"

namespace rekey::work {

class HeldTurn;

/// Hands out access tokens and keeps grants alive. The rules:
///  - a token that is still good is served without a lock;
///  - one refresh at a time for a grant: other callers in the same process wait for its result;
///    other processes are kept off by a turn in the store, which its holder renews for
///    as long as the provider takes;
///  - that a refresh token is about to be spent is written down first, and the answer is stored
///    before anybody sees it;
///  - trouble on the way never counts as the end of a grant, and the provider is not asked again
///    before the wait that it brought is over;
///  - after invalid_grant the store is read again and the previous refresh token tried once,
///    because a reply may have been lost; and an access token that is still valid is served to its
///    end all the same.
///
/// While the provider is asked, no thread is held. A renewal goes on though those who asked for it
/// stop waiting; `Pool::wait_for_tasks` waits for it. Driver and outside must outlive it.
class Tokens {
 public:
  Tokens(Driver& driver, const Outside& outside) : driver_(driver), outside_(outside) {}

  using Until = std::optional<async::Steady::time_point>;

  /// An access token good for another `good_for`, or the best there is. `rejected`: the revision of
  /// one the provider has just refused, which counts as spent whatever its expiry says; when there
  /// is no other to be had either, the grant is over. `until`: from then on the best there is must
  /// do, or `later`; the renewal goes on, and what comes of it is stored.
  async::Task<Fresh> fresh(Owner owner, std::int64_t version,
                           std::optional<std::int64_t> rejected = {},
                           Millis good_for = std::chrono::minutes{5}, Until until = {});

  /// Renews a grant whose time for that has come (`store::due_refreshes`) though no caller asked;
  /// one that is not due, or no longer, stays as it is.
  async::Task<Fresh> renew_if_due(Owner owner, std::int64_t version);

  /// A page read with a fresh token (`read` gives the task that does it); a token the provider
  /// refuses is refreshed once, and when the new one is refused too, the grant has been ended from
  /// outside.
  template <class F>
  auto read_with_token(Owner owner, std::int64_t version, F read)
      -> decltype(read(std::declval<const AccessToken&>()));

 private:
  struct Read;
  /// A refresh under way: what it is of, and whether an earlier answer to it may have been lost.
  struct Spending;
  std::optional<Read> read(const Owner& owner, std::int64_t version);
  bool is_good(const Read& current, std::optional<std::int64_t> rejected, Millis good_for) const;
  /// A renewal that outlives those who asked for it.
  static async::Task<Fresh> fly(Tokens self, Owner owner, std::int64_t version, Read current,
                                std::optional<std::int64_t> rejected);
  async::Task<Fresh> renew(const Owner& owner, std::int64_t version, Read& current,
                           std::optional<std::int64_t> rejected);
  Fresh best_left(const Owner& owner, std::int64_t version, const Read& current,
                  std::optional<std::int64_t> rejected, const store::Turn& turn);
  std::optional<AccessToken> still_valid(const Owner& owner, std::int64_t version,
                                         std::optional<std::int64_t> rejected);
  /// Uses a turn that has just been taken. None: there are new tokens in the store, of this or of
  /// another process, or a wait.
  async::Task<std::optional<NoToken>> use_turn(const Owner& owner, std::int64_t version,
                                               Read& current, std::string me, bool unsettled,
                                               bool spent);
  async::Task<std::optional<NoToken>> refresh(const Spending& spending, HeldTurn& turn);
  async::Task<std::optional<NoToken>> after_refusal(const Spending& spending, HeldTurn& turn);
  NoToken trouble(const Spending& spending, const intuit::TokenFailure& failure, HeldTurn& turn);
  void tell_of_trouble(const std::string& connection, std::int64_t version, oauth::TokenFault fault,
                       Instant since);
  NoToken refused(const Spending& spending, HeldTurn& turn);
  NoToken without_refresh_token(const Spending& spending, HeldTurn& turn);
  async::Task<std::optional<NoToken>> store(const Spending& spending, const oauth::Tokens& answer,
                                            HeldTurn& turn);
  bool try_to_store(const Spending& spending, const oauth::Tokens& answer);

  Driver& driver_;
  const Outside& outside_;
};

/// What having no token means for a read.
intuit::ReadFailure failure_of(NoToken why);

template <class F>
auto Tokens::read_with_token(Owner owner, std::int64_t version, F read)
    -> decltype(read(std::declval<const AccessToken&>())) {
  auto token = co_await fresh(owner, version);
  if (!token) co_return tl::unexpected(failure_of(token.error()));
  auto result = co_await read(*token);
  if (result || result.error().fault != intuit::ReadFault::unauthorized) co_return result;
  auto renewed = co_await fresh(owner, version, token->revision);
  if (!renewed) co_return tl::unexpected(failure_of(renewed.error()));
  auto again = co_await read(*renewed);
  if (!again && again.error().fault == intuit::ReadFault::unauthorized)
    // A token just made is refused: the company no longer lets us in.
    (void)driver_.take(owner.connection, wire::by_provider(),
                       connect::GrantEnded{version, connect::Ended::revoked_outside});
  co_return again;
}

}  // namespace rekey::work
