// Counts and pages of lists that are asked for before they are needed.
#pragma once

#include <atomic>
#include <memory>
#include <optional>

#include "core/import/walk.hpp"
#include "native/async/wait.hpp"
#include "native/work/tokens.hpp"

namespace rekey::work {

/// An answer of the accounting API that is on its way. What it brings is there once, however many
/// look at it.
template <class T>
using Coming = std::shared_ptr<async::Shared<std::shared_ptr<const accounting::Read<T>>>>;

/// A page that is on its way or there. Whoever holds it keeps its room: until its rows are stored,
/// it is in memory.
struct PageAhead {
  Coming<accounting::Page> page;
  std::shared_ptr<const void> room;
};

/// Asks the accounting API of one company with the grant of one import. An answer that nobody waits
/// for any more comes all the same, and is dropped.
class ImportAhead {
 public:
  /// What is given must outlive the answers (Pool::wait_for_tasks).
  ImportAhead(Tokens tokens, const ProviderClients& clients, Owner owner, std::int64_t version)
      : tokens_(tokens), clients_(clients), owner_(std::move(owner)), version_(version) {}

  Coming<std::int64_t> count(imports::Entity entity) const;
  PageAhead page(imports::Entity entity, imports::PageAsk ask) const;
  /// Whether one more page may be asked for beside the first: all imports of the process share how
  /// many are in memory, those that are not stored yet included.
  bool has_room() const;

 private:
  Tokens tokens_;
  const ProviderClients& clients_;
  Owner owner_;
  std::int64_t version_;
};

/// Awaits what is coming. Throws what there was instead of an answer.
template <class T>
async::Task<std::shared_ptr<const accounting::Read<T>>> arrival(Coming<T> coming) {
  auto there = co_await coming->wait();
  co_return std::move(*there);
}

}  // namespace rekey::work
