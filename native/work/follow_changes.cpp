#include "native/work/follow_changes.hpp"

#include <algorithm>

#include "native/work/read_changes.hpp"

namespace rekey::work {

namespace {

/// While an import is under way, what needs another one waits for its end: with the tries that
/// there are (change_reader.cpp), longer than an import takes.
constexpr Millis look_for_its_end = std::chrono::minutes{1};

/// Whether a list that was told of is among these.
bool names_one_of(const store::ChangesToRead& told, const std::vector<imports::Entity>& lists) {
  return std::any_of(told.records.begin(), told.records.end(), [&](const auto& each) {
    return std::find(lists.begin(), lists.end(), each.entity) != lists.end();
  });
}

}  // namespace

async::Task<accounting::Read<std::int64_t>> follow_changes(Driver& driver,
                                                           const ProviderClients& clients,
                                                           store::ChangesToRead told) {
  Tokens tokens(driver, clients);
  auto read = co_await read_changes(driver, clients, tokens, told.connection);
  if (!read) co_return tl::unexpected(read.error());
  const auto phase = driver.read(told.connection).state.import.phase;
  const oauth::Failure later{oauth::Meaning::unavailable, false, look_for_its_end,
                             "an import is under way"};
  // One that has nothing to show yet may have read the page before the change.
  if (!*read && std::holds_alternative<imports::Running>(phase)) co_return tl::unexpected(later);
  if (!*read) co_return 0;
  const auto changed = (*read)->changed;
  if (changed > 0) driver.tell(told.connection);
  if (!names_one_of(told, (*read)->to_read)) co_return changed;
  // One that was stopped is resumed by a person, with what it has read.
  if (std::holds_alternative<imports::Failed>(phase)) co_return changed;
  const auto begun = driver.take(told.connection, wire::by_provider(), imports::import_anew());
  if (begun) co_return changed;
  co_return tl::unexpected(later);
}

}  // namespace rekey::work
