#include "native/work/import_ahead.hpp"

namespace rekey::work {

namespace {

/// So many pages are on their way or wait to be stored at once, over all imports, beside the first
/// of each. A page of a thousand rows takes a megabyte.
constexpr int pages_ahead_most = 32;

/// One of these pages.
class Ahead {
 public:
  explicit Ahead(std::shared_ptr<std::atomic<int>> all) : all_(std::move(all)) { ++*all_; }
  ~Ahead() { --*all_; }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

 private:
  std::shared_ptr<std::atomic<int>> all_;
};

template <class T>
async::Task<void> bring(Coming<T> to, async::Task<accounting::Read<T>> task,
                        std::shared_ptr<const Ahead> ahead) {
  std::shared_ptr<const accounting::Read<T>> there;
  std::exception_ptr thrown;
  try {
    const auto own = std::move(task);
    auto given = co_await own;
    there = std::make_shared<const accounting::Read<T>>(std::move(given));
  } catch (...) {
    thrown = std::current_exception();
  }
  to->settle(std::move(there), thrown);
  ahead.reset();
}

async::Task<accounting::Read<std::int64_t>> read_count(
    Tokens tokens, std::shared_ptr<const accounting::System> system, Owner owner,
    std::int64_t version, imports::Entity entity) {
  const auto read = [&system, entity](const AccessToken& token) {
    return system->count(entity, token.realm_id, token.value);
  };
  auto result = co_await tokens.read_with_token(owner, version, read);
  co_return std::move(result);
}

async::Task<accounting::Read<accounting::Page>> read_page(
    Tokens tokens, std::shared_ptr<const accounting::System> system, Owner owner,
    std::int64_t version, imports::Entity entity, imports::PageAsk ask) {
  const auto read = [&system, entity, ask](const AccessToken& token) {
    return system->page(entity, token.realm_id, token.value, ask.start, ask.most);
  };
  auto result = co_await tokens.read_with_token(owner, version, read);
  co_return std::move(result);
}

}  // namespace

Coming<std::int64_t> ImportAhead::count(imports::Entity entity) const {
  auto coming = std::make_shared<Coming<std::int64_t>::element_type>(*clients_.pool);
  clients_.pool->start(bring<std::int64_t>(
      coming, read_count(tokens_, clients_.accounting, owner_, version_, entity), nullptr));
  return coming;
}

PageAhead ImportAhead::page(imports::Entity entity, imports::PageAsk ask) const {
  auto coming = std::make_shared<Coming<accounting::Page>::element_type>(*clients_.pool);
  auto ahead = std::make_shared<const Ahead>(clients_.pages_ahead);
  clients_.pool->start(bring<accounting::Page>(
      coming, read_page(tokens_, clients_.accounting, owner_, version_, entity, ask), ahead));
  return {std::move(coming), std::move(ahead)};
}

bool ImportAhead::has_room() const {
  return clients_.pages_ahead->load() < pages_ahead_most;
}

}  // namespace rekey::work
